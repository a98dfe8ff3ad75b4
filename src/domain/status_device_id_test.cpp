#include "domain/status.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

using namespace std::string_view_literals;

std::string repeated(std::string_view character, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += character;
  return text;
}

TEST(DeviceId, accepts_any_character_but_controls) {
  for (const auto text :
       {"x", "sensor-abc-123", " ", "a b", "a/b", "...", "a..", "./", "%2E", "%41", "\"\\", "K\u00FChlschrank",
        "\u0080", "\u2028", "\U0001F600", "Summary", "summary ", "summaries", "history"})
    EXPECT_FALSE(check_device_id(text)) << text;
}

TEST(DeviceId, refuses_the_empty_text) { EXPECT_EQ(check_device_id(""), DeviceIdFault::empty); }

TEST(DeviceId, measures_characters) {
  for (const auto character : {"a", "\u00E9", "\u20AC", "\U0001F600"}) {
    EXPECT_FALSE(check_device_id(repeated(character, 255))) << character;
    EXPECT_EQ(check_device_id(repeated(character, 256)), DeviceIdFault::too_long) << character;
  }
}

TEST(DeviceId, refuses_every_control_character) {
  for (int code = 0; code < 0x80; ++code) {
    const std::string text{'a', static_cast<char>(code), 'b'};
    const bool is_control = code < 0x20 || code == 0x7F;
    EXPECT_EQ(check_device_id(text), is_control ? std::optional(DeviceIdFault::control_character) : std::nullopt)
        << code;
  }
  EXPECT_EQ(check_device_id("\0"sv), DeviceIdFault::control_character);
  EXPECT_EQ(check_device_id("a\n"), DeviceIdFault::control_character);
}

TEST(DeviceId, reserves_the_word_in_the_path) { EXPECT_EQ(check_device_id("summary"), DeviceIdFault::reserved); }

TEST(DeviceId, refuses_what_clients_remove_from_a_path) {
  for (const auto text : {".", ".."}) EXPECT_EQ(check_device_id(text), DeviceIdFault::dot_segment) << text;
}

TEST(DeviceId, refuses_what_is_not_utf8) {
  for (const auto text : {"\xFF", "a\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80"})
    EXPECT_EQ(check_device_id(text), DeviceIdFault::not_utf8) << testing::PrintToString(text);
}

}  // namespace
}  // namespace ubiety
