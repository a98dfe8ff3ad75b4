// A database that grants less than the service wants, keeps less than it says, or is to forget.
#include <gtest/gtest.h>

#include "support/batch.hpp"
#include "support/history_of.hpp"
#include "support/http_client.hpp"
#include "support/metrics.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
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

// How many connections PostgreSQL grants the role.
class FewConnections : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Limits, FewConnections, ::testing::Values(3, 4));

// One connection commits, one owns the store; histories, merges and pings share the rest.
TEST_P(FewConnections, are_enough) {
  auto& server = shared_postgres();
  server.create_database("few");
  server.execute("few", "DROP ROLE IF EXISTS few");
  server.execute("few", "CREATE ROLE few LOGIN CONNECTION LIMIT " + std::to_string(GetParam()));
  server.execute("few", "GRANT ALL ON SCHEMA public TO few");
  ServiceProcess service;
  service.settings()["DATABASE_URL"] = "postgresql://few@127.0.0.1:" + std::to_string(server.port()) + "/few";
  service.settings()["TAIL_MEMORY"] = "0";
  service.start();
  for (int round = 0; round < 3; ++round) {
    const auto device = fresh_device();
    ASSERT_EQ(post_lines(service, device, 8000), 200) << service.log();
    for (int i = 0; i < 20; ++i) {
      HttpClient client(service.port());
      const auto path = "/status/" + device + std::to_string(i) + "/history";
      // A merge may hold the connection that is left.
      EXPECT_TRUE(wait_until([&] { return client.get(path).status == 200; }, 10s));
      EXPECT_EQ(history_of(client, device + std::to_string(i)).size(), 1u);
    }
  }
  EXPECT_TRUE(says(service, "\"database\":\"connected\"")) << service.log();
  EXPECT_TRUE(wait_until([&] { return says(service, "few_connections"); }, 5s));
  EXPECT_EQ(scrape(service.port()).at("ubiety_problem{problem=\"few_connections\"}"), 1);
  EXPECT_NE(service.log().find("fewer connections"), std::string::npos);
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
  EXPECT_NE(service.log().find("fsync is off"), std::string::npos);
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
    EXPECT_TRUE(wait_until([&] { return service_.log().find("history expired") != std::string::npos; }, 5s));
    const auto metrics = scrape(service_.port());
    EXPECT_GT(metrics.at("ubiety_expired_records_total") + metrics.at("ubiety_expired_partitions_total"), 0);
    EXPECT_EQ(HttpClient(service_.port()).get("/status/sensor").status, 200);
    ASSERT_EQ(service_.terminate(), 0);
  }
}

}  // namespace
}  // namespace ubiety::test
