#include "keys/key_text.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ubiety::keys {
namespace {

// Another program computed its checksum: keys that were issued must stay valid.
const std::string known = "ubiety_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg1hTSOh";

// The check of a scanner that follows docs/FORMATS.md.
bool is_well_formed(std::string_view text) {
  if (text.size() != key_length || !text.starts_with(key_prefix)) return false;
  if (text.find_first_not_of(key_alphabet, key_prefix.size()) != std::string_view::npos) return false;
  const auto checksum = checksum_of(text.substr(0, key_length - checksum_characters));
  return text.ends_with(std::string_view(checksum.data(), checksum.size()));
}

TEST(KeyText, has_a_checksum_that_never_changes) { EXPECT_TRUE(is_well_formed(known)); }

TEST(KeyText, detects_every_wrong_character) {
  for (std::size_t place = 0; place < known.size(); ++place)
    for (const char c : key_alphabet) {
      auto wrong = known;
      wrong[place] = c;
      EXPECT_EQ(is_well_formed(wrong), wrong == known) << wrong;
    }
}

TEST(KeyText, detects_two_swapped_characters) {
  for (std::size_t place = key_prefix.size(); place + 1 < known.size(); ++place) {
    auto turned = known;
    std::swap(turned[place], turned[place + 1]);
    EXPECT_EQ(is_well_formed(turned), turned == known) << turned;
  }
}

TEST(PlainKey, is_well_formed_and_never_the_same) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto key = PlainKey::random();
    EXPECT_TRUE(is_well_formed(key.text())) << key.text();
    EXPECT_TRUE(key.text().starts_with(key.shown()));
    EXPECT_TRUE(seen.emplace(key.text()).second);
  }
}

// 43,000 characters of 62: each about 694 times, with a standard deviation of 26.
TEST(PlainKey, favours_no_character) {
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

TEST(PlainKey, is_wiped_after_a_move) {
  auto key = PlainKey::random();
  const std::string text(key.text());
  const auto moved = std::move(key);
  EXPECT_EQ(moved.text(), text);
  EXPECT_EQ(key.text(), std::string(key_length, '\0'));  // NOLINT(bugprone-use-after-move): it is what is tested
}

}  // namespace
}  // namespace ubiety::keys
