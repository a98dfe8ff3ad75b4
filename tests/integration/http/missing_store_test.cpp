// Only `serve` and `migrate up` make a store. A typing error in a path must not make an empty one.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

const std::vector<std::vector<std::string>> commands_that_need_a_store{{"keys", "list"},
                                                                       {"keys", "create", "a", "--scope", "read"},
                                                                       {"keys", "revoke", "1"},
                                                                       {"keys", "rotate", "1"},
                                                                       {"migrate", "down", "--yes"},
                                                                       {"migrate", "status"},
                                                                       {"verify"}};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += " " + word;
  return text;
}

class MissingFile : public ::testing::Test {
 protected:
  Finished run(std::vector<std::string> arguments, const std::string& url) {
    return run_ubietyd(std::move(arguments), {{"DATABASE_URL", url}, {"PORT", "1"}}, folder_.path());
  }

  bool is_untouched() const { return std::filesystem::is_empty(folder_.path()); }

  TemporaryDirectory folder_;
};

TEST_F(MissingFile, is_an_error_for_commands_that_need_a_store) {
  for (const auto& command : commands_that_need_a_store)
    for (const char* url : {"", "sqlite:other.db", "sqlite:///data/other.db"}) {
      SCOPED_TRACE(joined(command) + " of " + url);
      const auto finished = run(command, url);
      EXPECT_EQ(finished.status.code, 2);
      EXPECT_EQ(finished.output, "");
      EXPECT_NE(finished.error.find(".db does not exist"), std::string::npos) << finished.error;
      EXPECT_TRUE(is_untouched());
    }
}

TEST_F(MissingFile, is_made_by_migrate_up) {
  EXPECT_EQ(run({"migrate", "up"}, "").status.code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "data" / "ubiety.db"));
  EXPECT_EQ(run({"keys", "list"}, "").status.code, 0);
}

TEST_F(MissingFile, is_not_made_in_a_folder_that_is_missing_too) {
  for (const std::string url : {"sqlite:other/ubiety.db", "sqlite:///other/ubiety.db", "sqlite:data/data/ubiety.db"})
    for (const std::vector<std::string>& command : {std::vector<std::string>{"migrate", "up"}, {"serve"}, {}}) {
      SCOPED_TRACE(url + joined(command));
      const auto finished = run(command, url);
      EXPECT_EQ(finished.status.code, 2);
      EXPECT_NE(finished.error.find("DATABASE_URL: the folder "), std::string::npos) << finished.error;
      EXPECT_TRUE(is_untouched());
    }
}

TEST_F(MissingFile, is_something_else_than_a_store) {
  write_file(folder_.path() / "text.db", "a text that is longer than SQLite's magic");
  std::filesystem::create_directory(folder_.path() / "folder.db");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"migrate", "up"}, {"serve"}, {"keys", "list"}}) {
    const auto text = run(command, "sqlite:text.db"), folder = run(command, "sqlite:folder.db");
    EXPECT_EQ(text.status.code, 2);
    EXPECT_NE(text.error.find("text.db is not an SQLite database"), std::string::npos) << text.error;
    EXPECT_EQ(folder.status.code, 2);
    EXPECT_NE(folder.error.find("folder.db is a folder"), std::string::npos) << folder.error;
  }
}

TEST_F(MissingFile, cannot_be_written) {
  EXPECT_EQ(run({"migrate", "up"}, "sqlite:ubiety.db").status.code, 0);
  std::filesystem::permissions(folder_.path() / "ubiety.db", std::filesystem::perms{0444});
  const auto finished = run_ubietyd_as_ordinary_user({"serve"}, {{"DATABASE_URL", "sqlite:ubiety.db"}}, folder_.path());
  EXPECT_EQ(finished.status.code, 2);
  EXPECT_NE(finished.error.find("ubiety.db cannot be read and written: Permission denied"), std::string::npos)
      << finished.error;
}

TEST(EmptyDatabase, stays_empty_under_commands_that_need_a_store) {
  const auto url = shared_postgres().create_database("untouched");
  for (const auto& command : commands_that_need_a_store) {
    SCOPED_TRACE(joined(command));
    const auto finished = run_ubietyd(command, {{"DATABASE_URL", url}});
    const bool only_looks = command.front() == "migrate";
    EXPECT_EQ(finished.status.code, only_looks ? 0 : 1) << finished.error;
    EXPECT_EQ(finished.error.find("run `ubietyd migrate up`") == std::string::npos, only_looks) << finished.error;
    EXPECT_EQ(shared_postgres().execute("untouched",
                                        "SELECT count(*) FROM pg_class WHERE relnamespace = "
                                        "'public'::regnamespace"),
              "0");
  }
}

TEST(MissingSpool, is_made_by_a_start_in_the_default_folder_and_in_no_other_that_is_missing) {
  ServiceProcess service(
      {{"DATABASE_URL", shared_postgres().create_database("with_spool")}, {"SPOOL_PATH", "data/spool.db"}});
  service.start();
  EXPECT_TRUE(std::filesystem::exists(service.folder() / "data" / "spool.db"));
  TemporaryDirectory folder;
  const auto finished = run_ubietyd(
      {"serve"}, {{"DATABASE_URL", "postgresql://127.0.0.1:1/x"}, {"SPOOL_PATH", "other/spool.db"}}, folder.path());
  EXPECT_NE(finished.status.code, 0);
  EXPECT_NE(finished.error.find("other/spool.db"), std::string::npos) << finished.error;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(MissingSpool, is_not_made_by_verify) {
  const auto url = shared_postgres().create_database("without_spool");
  TemporaryDirectory folder;
  const Environment settings{{"DATABASE_URL", url}, {"SPOOL_PATH", "spool.db"}};
  EXPECT_EQ(run_ubietyd({"migrate", "up"}, settings, folder.path()).status.code, 0);
  const auto finished = run_ubietyd({"verify"}, settings, folder.path());
  EXPECT_EQ(finished.status.code, 0) << finished.error;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace ubiety::test
