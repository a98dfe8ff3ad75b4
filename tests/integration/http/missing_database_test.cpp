#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/postgres_server.hpp"
#include "support/time_limit.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

// A PostgreSQL of its own, as it is stopped and started.
class MissingDatabase : public ::testing::Test {
 protected:
  HttpResponse post(const std::string& device) { return client().post("/status", Report{.device_id = device}.json()); }
  HttpResponse get(std::string_view target) { return client().get(target); }
  HttpClient client() { return HttpClient(service_.port()); }

  static void expect_unavailable(const HttpResponse& response) {
    EXPECT_EQ(response.status, 503) << response.body;
    EXPECT_FALSE(Json(response.body)["detail"].text().empty());
    const auto seconds = std::atoi(response.header("Retry-After").c_str());
    EXPECT_GE(seconds, 1);
    EXPECT_LE(seconds, 60);
  }

  PostgresServer postgres_;
  ServiceProcess service_{Environment{{"DATABASE_URL", postgres_.url()}, {"REQUEST_TIMEOUT", "2"}}};
};

TEST_F(MissingDatabase, is_waited_for_at_the_start) {
  service_.start_unready();
  expect_unavailable(post("a"));
  // Whether a device is known cannot be said yet.
  for (const auto* const target : {"/status/a", "/status/a/history", "/status/summary"})
    expect_unavailable(get(target));
  EXPECT_EQ(get("/health/live").status, 200);
  for (const auto* const target : {"/health", "/health/ready"}) {
    EXPECT_EQ(get(target).status, 503);
    EXPECT_GE(std::atoi(get(target).header("Retry-After").c_str()), 1) << target;
  }
  const auto health = get("/health");
  EXPECT_EQ(health.status, 503);
  const Json says(health.body);
  EXPECT_EQ(says.keys(), (std::vector<std::string>{"status", "timestamp", "database", "version"}));
  EXPECT_TRUE(says["status"].text() == "starting" || says["status"].text() == "unhealthy") << health.body;
  EXPECT_EQ(says["database"].text(), "disconnected");

  postgres_.start();
  ASSERT_TRUE(service_.wait_until_ready()) << service_.log();
  EXPECT_EQ(post("a").status, 200);
  EXPECT_EQ(get("/status/a").status, 200);
  EXPECT_EQ(Json(get("/health").body)["status"].text(), "healthy");
  EXPECT_EQ(service_.terminate(), 0);
}

TEST_F(MissingDatabase, is_missed_only_where_it_is_needed) {
  postgres_.start();
  service_.start();
  EXPECT_EQ(post("a").status, 200);

  for (const auto how : {PostgresServer::Stop::fast, PostgresServer::Stop::immediate}) {
    postgres_.stop(how);
    const auto began = std::chrono::steady_clock::now();
    expect_unavailable(post(fresh_device()));
    EXPECT_LT(std::chrono::steady_clock::now() - began, time_limit(5s)) << "the deadline is two seconds";
    EXPECT_TRUE(wait_until([&] { return get("/health").status == 503; }, 10s));
    const Json says(get("/health").body);
    EXPECT_EQ(says["status"].text(), "unhealthy");
    EXPECT_EQ(says["database"].text(), "disconnected");
    EXPECT_EQ(get("/health/live").status, 200);
    EXPECT_EQ(get("/health/ready").status, 503);
    EXPECT_EQ(get("/status/a").status, 200);
    EXPECT_EQ(get("/status/nobody").status, 404);
    EXPECT_EQ(get("/status/summary").status, 200);
    expect_unavailable(get("/status/a/history"));

    postgres_.start();
    EXPECT_TRUE(wait_until([&] { return post("a").status == 200; }, 10s)) << service_.log();
    EXPECT_TRUE(wait_until([&] { return get("/health/ready").status == 200; }, 10s));
    EXPECT_TRUE(wait_until([&] { return get("/status/a/history").status == 200; }, 2s)) << service_.log();
    EXPECT_EQ(Json(get("/status/a/history").body)["total_records"].integer(), 1);
  }
}

// As a standby that was behind is, or a backup.
TEST_F(MissingDatabase, gets_what_it_has_lost_from_memory) {
  postgres_.start();
  service_.start();
  EXPECT_EQ(post("a").status, 200);
  postgres_.execute("ubiety", "DELETE FROM update_log");
  postgres_.restart(PostgresServer::Stop::fast);
  EXPECT_TRUE(wait_until([&] { return post("b").status == 200; }, 10s));
  const auto devices = [&] {
    return postgres_.execute("ubiety", "SELECT string_agg(device_id, ' ' ORDER BY device_id) FROM device_status");
  };
  EXPECT_TRUE(wait_until([&] { return devices() == "a b"; }, 10s)) << service_.log();
  EXPECT_NE(get("/health").body.find("lost_commits"), std::string::npos);
  EXPECT_EQ(scrape(service_.port()).at("ubiety_lost_updates_total"), 1);
  service_.kill_hard();
  service_.start();
  EXPECT_EQ(get("/status/a").status, 200);
  EXPECT_EQ(Json(get("/status/a/history").body)["total_records"].integer(), 1);
}

TEST_F(MissingDatabase, does_not_keep_the_service_from_stopping) {
  service_.start_unready();
  EXPECT_EQ(service_.terminate(), 0);
}

TEST(DatabaseUrl, may_name_a_driver_or_have_another_name) {
  auto& postgres = shared_postgres();
  for (const char* scheme : {"postgresql+psycopg2", "postgresql+asyncpg", "postgres"}) {
    SCOPED_TRACE(scheme);
    const auto url = postgres.create_database("driver");
    ServiceProcess service(Environment{{"DATABASE_URL", scheme + url.substr(url.find(':'))}});
    service.start();
    EXPECT_EQ(HttpClient(service.port()).post("/status", Report{.device_id = "a"}.json()).status, 200);
    service.terminate();
    EXPECT_EQ(postgres.execute("driver", "SELECT count(*) FROM device_status"), "1");
  }
}

}  // namespace
}  // namespace ubiety::test
