// A database that grants less than the service wants, keeps less than it says, or is to forget.
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "support/batch.hpp"
#include "support/history_of.hpp"
#include "support/http_client.hpp"
#include "support/metrics.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

bool says(ServiceProcess& service, std::string_view text) {
  return HttpClient(service.port()).get("/health").body.find(text) != std::string::npos;
}

int post(ServiceProcess& service, const Report& report) {
  return HttpClient(service.port()).post("/status", report.json()).status;
}

int post_lines(ServiceProcess& service, const std::string& device, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += Report{.device_id = device + std::to_string(i)}.json() + "\n";
  return HttpClient(service.port())
      .request("POST", "/status/batch", {{"Content-Type", "application/x-ndjson"}}, lines)
      .status;
}

constexpr const char* locks_of_device_latest =
    "SELECT count(*) FROM pg_locks WHERE relation = 'device_latest'::regclass AND mode = 'ShareLock' AND granted";
constexpr const char* waiting_for_locks =
    "SELECT count(*) FROM pg_locks WHERE relation = 'device_latest'::regclass AND NOT granted";

// How many connections PostgreSQL grants the role.
class FewConnections : public ::testing::TestWithParam<int> {
 protected:
  void start(PostgresServer& server) {
    server.create_database("few");
    server.execute("few", "DROP ROLE IF EXISTS few");
    server.execute("few", "CREATE ROLE few LOGIN CONNECTION LIMIT " + std::to_string(GetParam()));
    server.execute("few", "GRANT ALL ON SCHEMA public TO few");
    service_.settings()["DATABASE_URL"] = "postgresql://few@127.0.0.1:" + std::to_string(server.port()) + "/few";
    service_.settings()["TAIL_MEMORY"] = "0";
    service_.start();
  }

  ServiceProcess service_;
};
INSTANTIATE_TEST_SUITE_P(Limits, FewConnections, ::testing::Values(3, 4));

// One connection commits, one owns the store; histories, merges and pings share the rest.
TEST_P(FewConnections, are_enough) {
  start(shared_postgres());
  for (int round = 0; round < 3; ++round) {
    const auto device = fresh_device();
    ASSERT_EQ(post_lines(service_, device, 8000), 200) << service_.log();
    for (int i = 0; i < 20; ++i) {
      HttpClient client(service_.port());
      const auto path = "/status/" + device + std::to_string(i) + "/history";
      EXPECT_EQ(client.get(path).status, 200) << service_.log();
      EXPECT_EQ(history_of(client, device + std::to_string(i)).size(), 1u);
    }
  }
  EXPECT_TRUE(says(service_, "\"database\":\"connected\"")) << service_.log();
  EXPECT_TRUE(wait_until([&] { return says(service_, "few_connections"); }, 5s));
  EXPECT_EQ(scrape(service_.port()).at("ubiety_problem{problem=\"few_connections\"}"), 1);
  EXPECT_TRUE(wait_for_log(service_, "fewer connections"));
}

// A merge of many updates takes seconds, in which it holds the connection that is left: the lock makes it last.
TEST_P(FewConnections, serve_histories_during_a_long_merge) {
  auto& server = shared_postgres();
  start(server);
  ASSERT_EQ(post_lines(service_, "before", 10), 200);
  auto merging = std::async(std::launch::async, [&] {
    server.execute("few", "BEGIN; LOCK TABLE device_latest IN SHARE MODE; SELECT pg_sleep(8); COMMIT");
  });
  EXPECT_TRUE(wait_until([&] { return server.execute("few", locks_of_device_latest) == "1"; }, 5s));
  ASSERT_EQ(post_lines(service_, "device", 8000), 200);
  EXPECT_TRUE(wait_until([&] { return server.execute("few", waiting_for_locks) == "1"; }, 5s)) << service_.log();
  HttpClient client(service_.port());
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(client.get("/status/device" + std::to_string(i) + "/history").status, 200);
    EXPECT_EQ(post(service_, {.device_id = "during" + std::to_string(i)}), 200);
  }
  EXPECT_EQ(merging.wait_for(0s), std::future_status::timeout) << "the merge did not last as long";
  merging.get();
}

TEST(NotDurableDatabase, gets_no_updates_until_it_is_durable) {
  PostgresServer server;
  server.start();
  ServiceProcess service;
  service.settings()["DATABASE_URL"] = server.url();
  service.start();
  ASSERT_EQ(post(service, {.device_id = "before"}), 200);
  const auto set = [&](const std::string& setting) {
    server.execute("ubiety", "ALTER SYSTEM SET " + setting);
    server.execute("ubiety", "SELECT pg_reload_conf()");
  };
  set("fsync = off");
  EXPECT_TRUE(wait_until([&] { return post(service, {.device_id = "meanwhile"}) == 503; }, 5s)) << service.log();
  EXPECT_TRUE(says(service, "\"problems\":[\"database_not_durable\"]"));
  EXPECT_TRUE(wait_for_log(service, "fsync is off"));
  EXPECT_EQ(HttpClient(service.port()).get("/status/before").status, 200);
  set("fsync = on");
  EXPECT_TRUE(wait_until([&] { return post(service, {.device_id = "after"}) == 200; }, 5s)) << service.log();
  EXPECT_FALSE(says(service, "problems"));
}

TEST(NotDurableDatabase, leaves_updates_to_the_spool) {
  PostgresServer server;
  server.start();
  ServiceProcess service;
  service.settings()["DATABASE_URL"] = server.url();
  service.settings()["SPOOL_PATH"] = (service.folder() / "spool.db").string();
  service.start();
  server.execute("ubiety", "ALTER SYSTEM SET fsync = off");
  server.execute("ubiety", "SELECT pg_reload_conf()");
  ASSERT_TRUE(wait_until([&] { return says(service, "database_not_durable"); }, 5s)) << service.log();
  ASSERT_EQ(post(service, {.device_id = "spooled"}), 200);
  EXPECT_TRUE(says(service, "\"waiting\":1"));
  EXPECT_EQ(server.execute("ubiety", "SELECT count(*) FROM device_status"), "0");
  server.execute("ubiety", "ALTER SYSTEM SET fsync = on");
  server.execute("ubiety", "SELECT pg_reload_conf()");
  EXPECT_TRUE(wait_until([&] { return says(service, "\"database\":\"connected\""); }, 10s)) << service.log();
  EXPECT_EQ(server.execute("ubiety", "SELECT count(*) FROM device_status"), "1");
}

class Retention : public ::testing::TestWithParam<StoreKind> {
 protected:
  std::size_t records() {
    HttpClient client(service_.port());
    return history_of(client, "sensor").size();
  }

  ServiceProcess service_{with_new_database(GetParam())};
};
UBIETY_WITH_EACH_STORE(Retention);

// By whole days in UTC, so that no hour of the day makes a difference.
TEST_P(Retention, keeps_the_same_records_on_both_stores) {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  for (const char* span : {"day", "month"}) {
    service_.settings()["PARTITION_BY"] = span;
    service_.settings()["RETENTION_DAYS"] = "0";
    service_.settings()["TAIL_MEMORY"] = "0";
    service_.start();
    for (const auto age : {0h, 24h, 47h, 48h + 1h, 24h * 40})
      ASSERT_EQ(post(service_, {.device_id = "sensor", .timestamp = utc_text(today - age)}), 200);
    ASSERT_TRUE(wait_until([&] { return scrape(service_.port()).at("ubiety_tail_updates") == 0; }, 10s));
    ASSERT_EQ(service_.terminate(), 0);
    service_.settings()["RETENTION_DAYS"] = "2";
    service_.start();
    EXPECT_TRUE(wait_until([&] { return records() == 3; }, 10s)) << records() << service_.log();
    EXPECT_TRUE(wait_for_log(service_, "history expired"));
    const auto metrics = scrape(service_.port());
    EXPECT_GT(metrics.at("ubiety_expired_records_total") + metrics.at("ubiety_expired_partitions_total"), 0);
    EXPECT_EQ(HttpClient(service_.port()).get("/status/sensor").status, 200);
    ASSERT_EQ(service_.terminate(), 0);
  }
}

}  // namespace
}  // namespace ubiety::test
