#include "http/message/content_coding.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(ContentCoding, IsGzipWhereItIsAccepted) {
  for (const auto* field : {"gzip", "GZip", "x-gzip", "br, gzip", "gzip;q=0.5, br", "deflate , gzip ; q=0.001", "*",
                            "br;q=1.0, *;q=0.1", "gzip;q=1", ",gzip,"})
    EXPECT_TRUE(accepts_gzip(field)) << field;
}

TEST(ContentCoding, IsNoneWhereGzipIsNotAccepted) {
  EXPECT_FALSE(accepts_gzip(std::nullopt));
  for (const auto* field : {"", "br", "identity", "gzip;q=0", "gzip; q=0.000", "GZIP;Q=0", "*;q=0", "gzip;q=0, *",
                            "gzipped", "agzip", "deflate;gzip"})
    EXPECT_FALSE(accepts_gzip(field)) << field;
}

}  // namespace
}  // namespace ubiety::http
