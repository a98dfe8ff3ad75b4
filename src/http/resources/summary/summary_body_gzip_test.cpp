#include "http/resources/summary/summary_body.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "support/gunzip.hpp"
#include "support/verification.hpp"

namespace ubiety::http {
namespace {

std::string gzip_of(const std::vector<Deflated>& pieces) {
  auto gzip = GzipFrame::header();
  GzipFrame frame;
  for (const auto& piece : pieces) {
    gzip += piece.bytes;
    frame.add(piece.crc, piece.length);
  }
  return gzip + frame.trailer();
}

TEST(Gzip, is_empty_without_a_piece) { EXPECT_EQ(test::gunzip(gzip_of({})), ""); }

TEST(Gzip, joins_pieces_in_any_order) {
  const std::vector<std::string> texts{"{\"devices\":[", std::string(100'000, 'a'), "", ",", "\xC3\xA9 and more"};
  std::vector<Deflated> pieces;
  for (const auto& text : texts) pieces.push_back(deflate_piece(text));
  EXPECT_EQ(test::gunzip(gzip_of({pieces[0], pieces[1], pieces[3], pieces[1], pieces[2], pieces[4]})),
            texts[0] + texts[1] + texts[3] + texts[1] + texts[4]);
  EXPECT_LT(pieces[1].bytes.size(), 1000u);
}

TEST(Gzip, keeps_bytes_that_do_not_compress) {
  std::mt19937 random(test::new_seed());
  std::string noise;
  for (int i = 0; i < 50'000; ++i) noise += static_cast<char>(random());
  EXPECT_EQ(test::gunzip(gzip_of({deflate_piece(noise), deflate_piece(noise)})), noise + noise);
}

TEST(Gzip, tells_when_a_piece_is_missing) {
  const auto first = deflate_piece("first"), second = deflate_piece("second");
  auto frame = GzipFrame();
  frame.add(first.crc, first.length);
  frame.add(second.crc, second.length);
  EXPECT_EQ(test::gunzip(GzipFrame::header() + first.bytes + frame.trailer()), std::nullopt);
}

}  // namespace
}  // namespace ubiety::http
