#include "http/http1/stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace ubiety::http::transport {
namespace {

using Buffers = std::vector<asio::const_buffer>;

std::string text_of(std::span<const char> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Record, gathers_small_buffers) {
  std::array<char, 8> space;
  const Buffers buffers{asio::buffer("ab", 2), asio::buffer("", 0), asio::buffer("cde", 3), asio::buffer("fghijk", 6)};
  EXPECT_EQ(text_of(record_at(buffers, 0, space)), "abcdefgh");
  EXPECT_EQ(text_of(record_at(buffers, 1, space)), "bcdefghi");
  EXPECT_EQ(text_of(record_at(buffers, 4, space)), "efghijk");
}

TEST(Record, leaves_bytes_where_they_stand_together) {
  std::array<char, 4> space;
  const std::string text = "abcdefgh";
  const Buffers buffers{asio::buffer("x", 1), asio::buffer(text), asio::buffer("y", 1)};
  EXPECT_EQ(record_at(buffers, 1, space).data(), text.data());
  EXPECT_EQ(record_at(buffers, 5, space).data(), text.data() + 4);
  EXPECT_EQ(record_at(buffers, 6, space).data(), space.data());
  EXPECT_EQ(text_of(record_at(buffers, 6, space)), "fghy");
}

TEST(Record, is_empty_at_the_end) {
  std::array<char, 4> space;
  EXPECT_TRUE(record_at(Buffers{}, 0, space).empty());
  EXPECT_TRUE(record_at(Buffers{asio::buffer("ab", 2)}, 2, space).empty());
}

}  // namespace
}  // namespace ubiety::http::transport
