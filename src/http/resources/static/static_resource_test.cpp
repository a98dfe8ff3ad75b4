#include "http/resources/static/static_resource.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/gunzip.hpp"
#include "support/repository.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::http {
namespace {

TEST(StaticFile, holds_the_document_as_it_is_in_the_repository) {
  const auto* file = static_file_at("/openapi.json");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(test::gunzip(file->gzipped), test::read_file(test::repository() / "src/http/openapi/openapi.json"));
  EXPECT_EQ(file->content_type, "application/json");
}

TEST(StaticFile, is_whole_gzip_with_a_digest_of_its_own) {
  std::vector<std::string_view> digests;
  for (const auto& file : static_files()) {
    EXPECT_TRUE(test::gunzip(file.gzipped)) << file.path;
    EXPECT_EQ(file.digest.size(), 16U) << file.path;
    EXPECT_EQ(std::find(digests.begin(), digests.end(), file.digest), digests.end()) << file.path;
    digests.push_back(file.digest);
  }
  EXPECT_GE(digests.size(), 10U);
}

TEST(StaticFile, names_no_other_host_for_a_picture) {
  const auto script = test::gunzip(static_file_at("/redoc/redoc.standalone.js")->gzipped);
  ASSERT_TRUE(script);
  EXPECT_EQ(script->find("cdn.redoc.ly"), std::string::npos);
}

TEST(StaticFile, is_found_by_its_whole_path_only) {
  for (const auto* path : {"", "/", "/docs/", "/docs/other.js", "/openapi.json/", "/redoc/../docs"})
    EXPECT_EQ(static_file_at(path), nullptr) << path;
}

}  // namespace
}  // namespace ubiety::http
