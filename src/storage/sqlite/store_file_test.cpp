#include "storage/sqlite/store_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "storage/sqlite/database.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::sqlite {
namespace {

using test::write_file;
using ::testing::HasSubstr;

class StoreFile : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string problem(const std::string& name, MissingFile missing = MissingFile::may_be_made) const {
    return problem_with_file(path(name), missing).value_or("");
  }

  test::TemporaryDirectory folder_;
};

TEST_F(StoreFile, may_be_a_database) {
  connect(path("store.db")).execute("CREATE TABLE t (x)");
  EXPECT_EQ(problem("store.db"), "");
  EXPECT_EQ(problem("store.db", MissingFile::is_a_problem), "");
}

TEST_F(StoreFile, may_be_empty) {
  write_file(path("store.db"), "");
  EXPECT_EQ(problem("store.db"), "");
}

TEST_F(StoreFile, may_be_missing_only_if_it_may_be_created) {
  EXPECT_EQ(problem("store.db"), "");
  EXPECT_THAT(problem("store.db", MissingFile::is_a_problem), HasSubstr(path("store.db") + " does not exist"));
  EXPECT_FALSE(std::filesystem::exists(path("store.db")));
}

TEST_F(StoreFile, needs_its_folder) {
  EXPECT_THAT(problem("none/store.db"), HasSubstr(path("none") + ": No such file or directory"));
  EXPECT_FALSE(std::filesystem::exists(path("none")));
}

TEST_F(StoreFile, is_no_other_file) {
  write_file(path("text"), "this is no database, but long enough for one");
  write_file(path("short"), "SQLite");
  std::filesystem::create_directory(path("folder"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(problem("text"), HasSubstr("is not an SQLite database"));
  EXPECT_THAT(problem("short"), HasSubstr("is not an SQLite database"));
  EXPECT_THAT(problem("folder"), HasSubstr("is a folder"));
  EXPECT_THAT(problem("pipe"), HasSubstr("is not a regular file"));
  EXPECT_THAT(problem("text/store.db"), HasSubstr("Not a directory"));
}

}  // namespace
}  // namespace ubiety::sqlite
