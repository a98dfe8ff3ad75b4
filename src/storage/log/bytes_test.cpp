#include "storage/log/bytes.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace ubiety::log {
namespace {

std::string varint_of(std::uint64_t value) {
  std::string bytes;
  append_varint(bytes, value);
  return bytes;
}

TEST(LogBytes, of_a_varint_are_seven_bits_each) {
  EXPECT_EQ(varint_of(0), std::string(1, '\0'));
  EXPECT_EQ(varint_of(127), "\x7f");
  EXPECT_EQ(varint_of(300), "\xac\x02");
  EXPECT_EQ(varint_of(std::numeric_limits<std::uint64_t>::max()).size(), 10U);
}

TEST(LogBytes, of_small_signed_numbers_are_few) {
  for (const std::int64_t number : {0, -1, 1, 63, -64}) {
    std::string bytes;
    append_signed(bytes, number);
    EXPECT_EQ(bytes.size(), 1U) << number;
  }
}

TEST(LogBytes, beyond_64_bits_cannot_be_read) {
  for (const std::string bytes :
       {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}) {
    ByteReader reader(bytes);
    reader.varint();
    EXPECT_TRUE(reader.failed());
  }
}

TEST(LogBytes, that_are_missing_make_every_further_read_fail) {
  ByteReader reader("\x80");
  EXPECT_EQ(reader.varint(), 0U);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.text(0), "");
  EXPECT_EQ(reader.byte(), 0);
  EXPECT_TRUE(reader.failed());
}

TEST(LogBytes, with_a_checksum_show_every_flipped_bit) {
  std::string bytes = "some bytes";
  append_checksum(bytes);
  ASSERT_EQ(without_checksum(bytes), "some bytes");
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(without_checksum(flipped), std::nullopt) << bit;
  }
  EXPECT_EQ(without_checksum("abc"), std::nullopt);
}

RC_GTEST_PROP(LogBytesProperty, of_any_numbers_are_read_as_written,
              (std::uint64_t number, std::int64_t signed_number)) {
  std::string bytes;
  append_varint(bytes, number);
  append_signed(bytes, signed_number);
  append_signed(bytes, std::numeric_limits<std::int64_t>::min());
  ByteReader reader(bytes);
  RC_ASSERT(reader.varint() == number);
  RC_ASSERT(reader.signed_number() == signed_number);
  RC_ASSERT(reader.signed_number() == std::numeric_limits<std::int64_t>::min());
  RC_ASSERT(reader.is_at_end() && !reader.failed());
}

}  // namespace
}  // namespace ubiety::log
