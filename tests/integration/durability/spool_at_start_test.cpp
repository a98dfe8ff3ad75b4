// A start with a spool that is not as it should be: the service says so, and serves with its database.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/http_client.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class SpoolAtStart : public ::testing::Test {
 protected:
  SpoolAtStart() {
    postgres_.start();
    service_.settings()["DATABASE_URL"] = postgres_.url();
    service_.settings()["SPOOL_PATH"] = spool_.string();
  }

  std::string health() { return HttpClient(service_.port()).get("/health").body; }
  bool says(std::string_view text) { return health().find(text) != std::string::npos; }
  int post(const std::string& device_id) {
    return HttpClient(service_.port()).post("/status", Report{.device_id = device_id}.json()).status;
  }
  int status_of(const std::string& device_id) { return HttpClient(service_.port()).get("/status/" + device_id).status; }

  // One update is in the spool, and nowhere else.
  void leave_one_waiting() {
    service_.start();
    ASSERT_EQ(post("stored"), 200);
    postgres_.stop();
    ASSERT_TRUE(wait_until([&] { return post("waiting") == 200 && says("\"waiting\":"); }, 10s));
    ASSERT_EQ(service_.terminate(), 0);
  }

  void expect_served_without_spool(std::string_view problem) {
    EXPECT_TRUE(says("\"problems\":[\"" + std::string(problem) + "\"]")) << health() << service_.log();
    EXPECT_TRUE(says("\"database\":\"connected\""));
    EXPECT_EQ(post("now"), 200);
    EXPECT_EQ(status_of("now"), 200);
  }

  PostgresServer postgres_;
  ServiceProcess service_;
  const std::filesystem::path spool_ = service_.folder() / "spool.db";
};

TEST_F(SpoolAtStart, is_no_spool) {
  std::ofstream(spool_) << std::string(10'000, 'x');
  service_.start();
  expect_served_without_spool("spool_unusable");
  EXPECT_TRUE(wait_for_log(service_, "the spool cannot be used"));
}

TEST_F(SpoolAtStart, is_not_used_when_it_is_a_folder) {
  std::filesystem::create_directory(spool_);
  service_.start();
  expect_served_without_spool("spool_unusable");
}

TEST_F(SpoolAtStart, is_damaged) {
  leave_one_waiting();
  const auto size = std::filesystem::file_size(spool_);
  std::fstream file(spool_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file << std::string(size - 100, '\x5A');
  file.close();
  postgres_.start();
  service_.start();
  expect_served_without_spool("spool_unusable");
}

TEST_F(SpoolAtStart, is_of_the_database) {
  leave_one_waiting();
  service_.start_unready();  // the database is away
  EXPECT_TRUE(wait_until([&] { return post("more") == 200; }, 10s)) << service_.log();
  postgres_.start();
  EXPECT_TRUE(wait_until([&] { return says("\"database\":\"connected\""); }, 10s)) << health() << service_.log();
  EXPECT_FALSE(says("problems"));
  EXPECT_EQ(postgres_.execute("ubiety", "SELECT count(DISTINCT device_id) FROM device_status"), "3");
}

TEST_F(SpoolAtStart, is_of_another_database) {
  leave_one_waiting();
  postgres_.start();
  service_.settings()["DATABASE_URL"] = postgres_.create_database("another");
  service_.start();
  expect_served_without_spool("spool_of_another_database");
  EXPECT_EQ(status_of("waiting"), 404);
  EXPECT_EQ(postgres_.execute("another", "SELECT count(*) FROM device_status WHERE device_id = 'waiting'"), "0");

  // What waits is still there for its own database.
  ASSERT_EQ(service_.terminate(), 0);
  service_.settings()["DATABASE_URL"] = postgres_.url();
  service_.start();
  EXPECT_TRUE(wait_until([&] { return says("\"database\":\"connected\"") && status_of("waiting") == 200; }, 10s));
}

// The other database comes when the service has taken updates for the first one.
TEST_F(SpoolAtStart, is_of_another_database_that_was_away) {
  leave_one_waiting();
  service_.settings()["DATABASE_URL"] = postgres_.url("another");
  service_.start_unready();
  EXPECT_TRUE(wait_until([&] { return post("more") == 200; }, 10s)) << service_.log();
  postgres_.start();
  postgres_.create_database("another");
  EXPECT_TRUE(wait_until([&] { return !service_.is_running(); }, 15s)) << service_.log();
  EXPECT_NE(service_.log().find("the spool belongs to another database"), std::string::npos) << service_.log();
  service_.start();
  expect_served_without_spool("spool_of_another_database");
}

}  // namespace
}  // namespace ubiety::test
