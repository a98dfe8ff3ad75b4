#include "http/message/content_coding.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(ContentCoding, is_gzip_where_it_is_accepted) {
  for (const auto* field : {"gzip", "GZip", "x-gzip", "br, gzip", "gzip;q=0.5, br", "deflate , gzip ; q=0.001", "*",
                            "br;q=1.0, *;q=0.1", "gzip;q=1", ",gzip,"})
    EXPECT_TRUE(accepts_gzip(field)) << field;
}

TEST(ContentCoding, is_none_where_gzip_is_not_accepted) {
  EXPECT_FALSE(accepts_gzip(std::nullopt));
  for (const auto* field : {"", "br", "identity", "gzip;q=0", "gzip; q=0.000", "GZIP;Q=0", "*;q=0", "gzip;q=0, *",
                            "gzipped", "agzip", "deflate;gzip"})
    EXPECT_FALSE(accepts_gzip(field)) << field;
}

TEST(ContentCoding, is_gzip_at_most_once_for_a_body) {
  for (const auto* field : {"", ",", "identity", "Identity, ,"})
    EXPECT_EQ(content_coding_of(field), ContentCoding::identity) << field;
  for (const auto* field : {"gzip", "GZip", "x-gzip", ", gzip,", "identity, gzip", "gzip,identity"})
    EXPECT_EQ(content_coding_of(field), ContentCoding::gzip) << field;
  for (const auto* field : {"br", "deflate", "gzip, gzip", "gzip,x-gzip", "gzip, br", "br, gzip", "gzipped", "gzip;q=1",
                            "gzip gzip", "*", "gzip, br, identity"})
    EXPECT_EQ(content_coding_of(field), ContentCoding::other) << field;
}

}  // namespace
}  // namespace ubiety::http
