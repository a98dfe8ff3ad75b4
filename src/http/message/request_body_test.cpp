#include "http/message/request_body.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "http/resources/summary/summary_body.hpp"

namespace ubiety::http {
namespace {

std::string gzip_of(std::string_view text) {
  const auto deflated = deflate_piece(text);
  GzipFrame frame;
  frame.add(deflated.crc, deflated.length);
  return GzipFrame::header() + deflated.bytes + frame.trailer();
}

struct Inflated {
  Gunzip::Progress end;
  std::string text;
  int steps = 1;
};

Inflated inflate(const std::string& gzip, std::size_t max_bytes = 1'000'000) {
  Gunzip gunzip(gzip, max_bytes);
  Inflated inflated;
  while ((inflated.end = gunzip.advance()) == Gunzip::Progress::more) ++inflated.steps;
  inflated.text = gunzip.take();
  return inflated;
}

TEST(Gunzip, gives_what_was_compressed) {
  for (const std::string& text : {std::string(), std::string("{}"), std::string(500'000, 'a')}) {
    const auto inflated = inflate(gzip_of(text));
    EXPECT_EQ(inflated.end, Gunzip::Progress::done);
    EXPECT_EQ(inflated.text, text);
  }
}

TEST(Gunzip, takes_small_steps) { EXPECT_GE(inflate(gzip_of(std::string(500'000, 'a'))).steps, 5); }

TEST(Gunzip, takes_members_behind_one_another) {
  const auto inflated = inflate(gzip_of("one\n") + gzip_of("") + gzip_of("two"));
  EXPECT_EQ(inflated.end, Gunzip::Progress::done);
  EXPECT_EQ(inflated.text, "one\ntwo");
}

TEST(Gunzip, stops_at_the_bound) {
  const auto bomb = gzip_of(std::string(10'000'000, 'a'));
  EXPECT_EQ(inflate(gzip_of(std::string(100'000, 'a')), 100'000).end, Gunzip::Progress::done);
  EXPECT_EQ(inflate(gzip_of(std::string(100'001, 'a')), 100'000).end, Gunzip::Progress::too_large);
  const auto inflated = inflate(bomb, 100'000);
  EXPECT_EQ(inflated.end, Gunzip::Progress::too_large);
  EXPECT_LE(inflated.text.size(), 100'001u);
}

TEST(Gunzip, tells_what_is_cut_or_damaged) {
  const auto gzip = gzip_of("some text that is long enough to be cut in many places");
  for (std::size_t size = 0; size < gzip.size(); ++size)
    EXPECT_EQ(inflate(gzip.substr(0, size)).end, Gunzip::Progress::malformed) << size;
  for (const auto& other : {std::string("{}"), gzip + "x", gzip + gzip.substr(0, 5)})
    EXPECT_EQ(inflate(other).end, Gunzip::Progress::malformed);
  auto damaged = gzip;
  damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 1);  // in the checksum
  EXPECT_EQ(inflate(damaged).end, Gunzip::Progress::malformed);
}

}  // namespace
}  // namespace ubiety::http
