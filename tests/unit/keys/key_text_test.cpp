#include "keys/key_text.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "keys/plain_key.hpp"

namespace ubiety::keys {
namespace {

// Its checksum was computed by another program: what was given out must stay good.
const std::string known = "ubiety_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg1hTSOh";

TEST(KeyText, HasAChecksumThatNeverChanges) {
  EXPECT_EQ(known.size(), key_length);
  EXPECT_TRUE(is_well_formed(known));
}

TEST(KeyText, FindsEveryWrongCharacter) {
  for (std::size_t place = 0; place < known.size(); ++place)
    for (const char c : std::string(key_alphabet) + "_-. \n") {
      auto wrong = known;
      wrong[place] = c;
      EXPECT_EQ(is_well_formed(wrong), wrong == known) << wrong;
    }
}

TEST(KeyText, FindsTwoCharactersThatAreTurnedRound) {
  for (std::size_t place = key_prefix.size(); place + 1 < known.size(); ++place) {
    auto turned = known;
    std::swap(turned[place], turned[place + 1]);
    EXPECT_EQ(is_well_formed(turned), turned == known) << turned;
  }
}

TEST(KeyText, FindsWhatIsCutOrLengthened) {
  for (std::size_t size = 0; size < known.size(); ++size) EXPECT_FALSE(is_well_formed(known.substr(0, size)));
  EXPECT_FALSE(is_well_formed(known + "0"));
  EXPECT_FALSE(is_well_formed(" " + known));
  EXPECT_FALSE(is_well_formed(known + std::string(1, '\0')));
}

TEST(PlainKey, IsWellFormedAndNeverTheSame) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto key = PlainKey::random();
    EXPECT_TRUE(is_well_formed(key.text())) << key.text();
    EXPECT_TRUE(key.text().starts_with(key.shown()));
    EXPECT_TRUE(seen.emplace(key.text()).second);
  }
}

// 43,000 characters of 62: each about 694 times, with a standard deviation of 26.
TEST(PlainKey, FavoursNoCharacter) {
  std::array<int, 256> counts{};
  for (int i = 0; i < 1000; ++i) {
    const auto key = PlainKey::random();
    for (const char c : key.text().substr(key_prefix.size(), random_characters))
      ++counts[static_cast<unsigned char>(c)];
  }
  for (const char c : key_alphabet) {
    EXPECT_GT(counts[static_cast<unsigned char>(c)], 694 - 7 * 26) << c;
    EXPECT_LT(counts[static_cast<unsigned char>(c)], 694 + 7 * 26) << c;
  }
}

TEST(PlainKey, IsWipedWhereItMovesAwayFrom) {
  auto key = PlainKey::random();
  const std::string text(key.text());
  const auto moved = std::move(key);
  EXPECT_EQ(moved.text(), text);
  EXPECT_EQ(key.text(), std::string(key_length, '\0'));  // NOLINT(bugprone-use-after-move): it is what is tested
}

}  // namespace
}  // namespace ubiety::keys
