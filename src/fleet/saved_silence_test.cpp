#include "fleet/saved_silence.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

using std::chrono::milliseconds;

SavedSilence example() {
  SavedSilence silence{ListeningTime(milliseconds(0x0102030405)), {}, true, false};
  for (std::size_t i = 0; i < silence.rhythm.size(); ++i) silence.rhythm[i] = static_cast<std::byte>(0xF0 + i);
  return silence;
}

TEST(SavedSilence, has_the_bytes_of_the_documentation) {
  const std::string_view expected("\0\0\0\x01\x02\x03\x04\x05\xF0\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA\xFB\x01", 21);
  EXPECT_EQ(bytes_of(example()), expected);
}

TEST(SavedSilence, is_read_back) {
  for (const bool is_silent : {false, true})
    for (const bool is_problem : {false, true}) {
      auto silence = example();
      silence.is_silent = is_silent;
      silence.is_problem = is_problem;
      EXPECT_EQ(silence_from(bytes_of(silence)), silence);
    }
}

TEST(SavedSilence, refuses_other_bytes) {
  const auto bytes = bytes_of(example());
  EXPECT_FALSE(silence_from(""));
  EXPECT_FALSE(silence_from(bytes.substr(1)));
  EXPECT_FALSE(silence_from(bytes + '\0'));
  EXPECT_FALSE(silence_from(bytes.substr(0, 20) + '\x04'));
  EXPECT_FALSE(silence_from('\x80' + bytes.substr(1)));
}

}  // namespace
}  // namespace ubiety
