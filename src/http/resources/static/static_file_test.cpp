#include "http/resources/static/static_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/gunzip.hpp"
#include "support/repository.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::http {
namespace {

TEST(StaticFile, HoldsTheDocumentAsItIsInTheRepository) {
  const auto* file = static_file_at("/openapi.json");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(test::gunzip(file->gzipped), test::read_file(test::repository() / "src/http/openapi/openapi.json"));
  EXPECT_EQ(file->content_type, "application/json");
}

TEST(StaticFile, IsWholeGzipWithADigestOfItsOwn) {
  std::vector<std::string_view> digests;
  for (const auto& file : static_files()) {
    EXPECT_TRUE(test::gunzip(file.gzipped)) << file.path;
    EXPECT_EQ(file.digest.size(), 16U) << file.path;
    EXPECT_EQ(std::find(digests.begin(), digests.end(), file.digest), digests.end()) << file.path;
    digests.push_back(file.digest);
  }
  EXPECT_GE(digests.size(), 10U);
}

TEST(StaticFile, NamesNoOtherHostForAPicture) {
  const auto script = test::gunzip(static_file_at("/redoc/redoc.standalone.js")->gzipped);
  ASSERT_TRUE(script);
  EXPECT_EQ(script->find("cdn.redoc.ly"), std::string::npos);
}

TEST(StaticFile, IsFoundByItsWholePathOnly) {
  for (const auto* path : {"", "/", "/docs/", "/docs/other.js", "/openapi.json/", "/redoc/../docs"})
    EXPECT_EQ(static_file_at(path), nullptr) << path;
}

}  // namespace
}  // namespace ubiety::http
