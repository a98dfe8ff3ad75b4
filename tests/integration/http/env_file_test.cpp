#include <gtest/gtest.h>

#include <algorithm>

#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {
namespace {

std::string version_shown_with(const std::string& env_file, const Environment& environment = {}) {
  ServiceProcess service(environment);
  write_file(service.folder() / ".env", env_file);
  service.start();
  return Json(HttpClient(service.port()).get("/health").body)["version"].text();
}

TEST(EnvFile, may_have_comments_lists_and_quotes) {
  const std::string text =
      "# Database Configuration\n"
      "DATABASE_URL=sqlite:elsewhere.db   # instead of PostgreSQL\n"
      "DATABASE_MAX_OVERFLOW=0 # none\n"
      "\n"
      "   # indented\n"
      "CORS_ORIGINS=[]  # a JSON list\n"
      "export LOG_LEVEL=INFO\n"
      "APP_NAME=\"Ubiety # IoT\" # quoted\r\n"
      "DEBUG = false\n"
      "REDIS_URL=   # for caching\n"
      "APP_VERSION='9.8.7'   # the last one has no line end";
  ServiceProcess service;
  write_file(service.folder() / ".env", text);
  service.start();
  EXPECT_TRUE(std::filesystem::exists(service.folder() / "elsewhere.db"));
  EXPECT_FALSE(std::filesystem::exists(service.folder() / "data"));
  EXPECT_EQ(Json(HttpClient(service.port()).get("/health").body)["version"].text(), "9.8.7");
  EXPECT_TRUE(wait_for_log(service, "Ubiety # IoT"));
}

TEST(EnvFile, stands_below_the_environment) {
  EXPECT_EQ(version_shown_with("APP_VERSION=from-file\n"), "from-file");
  EXPECT_EQ(version_shown_with("APP_VERSION=from-file\n", {{"APP_VERSION", "from-environment"}}), "from-environment");
}

TEST(EnvFile, is_refused_for_a_faulty_list) {
  TemporaryDirectory folder;
  write_file(folder.path() / ".env", "CORS_ORIGINS=[\"http://localhost:3000\", \"http://a#b\"] # for the frontend\n");
  const auto run = run_ubietyd({}, {}, folder.path());
  EXPECT_GT(run.status.code, 0);
  EXPECT_NE(run.error.find("CORS_ORIGINS"), std::string::npos) << run.error;
  EXPECT_NE(run.error.find("http://a#b"), std::string::npos) << run.error;
  EXPECT_EQ(run.error.find("frontend"), std::string::npos) << run.error;
}

TEST(EnvFile, stops_the_start_when_it_cannot_be_read) {
  TemporaryDirectory folder;
  write_file(folder.path() / ".env", "ENABLE_AUTH=true\n");
  std::filesystem::permissions(folder.path() / ".env", std::filesystem::perms{0});
  const auto unreadable = run_ubietyd_as_ordinary_user({}, {}, folder.path());
  EXPECT_EQ(unreadable.status.code, 2);
  EXPECT_EQ(unreadable.error, "ubietyd: .env: Permission denied\n");

  std::filesystem::remove(folder.path() / ".env");
  std::filesystem::create_directory(folder.path() / ".env");
  EXPECT_EQ(run_ubietyd({}, {}, folder.path()).error, "ubietyd: .env: Is a directory\n");
}

TEST(EnvFile, takes_the_place_of_the_other_when_it_is_named) {
  TemporaryDirectory folder;
  write_file(folder.path() / ".env", "DATABASE_URL=sqlite:default.db\n");
  write_file(folder.path() / "my.env", "DATABASE_URL=sqlite:named.db\n");
  EXPECT_EQ(run_ubietyd({"migrate", "up", "--env-file", "my.env"}, {}, folder.path()).status.code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "named.db"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "default.db"));
  const auto missing = run_ubietyd({"--env-file", "none.env"}, {}, folder.path());
  EXPECT_EQ(missing.status.code, 2);
  EXPECT_EQ(missing.error, "ubietyd: none.env: No such file or directory\n");
}

TEST(EnvFile, stops_the_start_when_it_is_malformed) {
  for (const char* text : {"PORT=abc\n", "just words\n", "=5\n", "APP_NAME=\"never closed\n"}) {
    SCOPED_TRACE(text);
    TemporaryDirectory folder;
    write_file(folder.path() / ".env", text);
    const auto run = run_ubietyd({}, {}, folder.path());
    EXPECT_GT(run.status.code, 0);
    EXPECT_EQ(std::count(run.error.begin(), run.error.end(), '\n'), 1) << run.error;
  }
}

}  // namespace
}  // namespace ubiety::test
