#include "http/resources/static/static_resource.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
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

// Both find their files, though one is a folder deeper.
TEST(StaticFile, is_linked_from_each_page_of_the_dashboard) {
  for (const auto& [page, assets] : {std::pair{"/", "\"assets/"}, std::pair{"/device", "\"../assets/"}}) {
    const auto text = test::gunzip(static_file_at(page)->gzipped);
    ASSERT_TRUE(text);
    std::size_t links = 0;
    for (auto at = text->find(assets); at != std::string::npos; at = text->find(assets, at + 1)) {
      const auto begin = text->find("assets/", at);
      const auto path = "/" + text->substr(begin, text->find('"', begin) - begin);
      EXPECT_NE(static_file_at(path), nullptr) << path;
      ++links;
    }
    EXPECT_EQ(links, 5U) << page;
  }
}

TEST(StaticFile, names_no_other_host_for_a_picture) {
  const auto script = test::gunzip(static_file_at("/redoc/redoc.standalone.js")->gzipped);
  ASSERT_TRUE(script);
  EXPECT_EQ(script->find("cdn.redoc.ly"), std::string::npos);
}

TEST(StaticFile, is_found_by_its_whole_path_only) {
  for (const auto* path : {"", "/device/", "/assets/", "/docs/", "/docs/other.js", "/openapi.json/", "/redoc/../docs"})
    EXPECT_EQ(static_file_at(path), nullptr) << path;
}

}  // namespace
}  // namespace ubiety::http
