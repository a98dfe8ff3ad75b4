// The checkers are checked end to end: a real load on a real ubietyd and PostgreSQL, whose database is then altered as
// a fault of the service would have left it. The service does not know. Each fault has to be found, by the check that
// is there for it, and nothing may be found in the database as it is.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "faults/stored_set.hpp"
#include "support/intercepted_failures.hpp"
#include "support/service_process.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

struct Found {
  Verification seen;  // over HTTP
  StoredSet set;      // in PostgreSQL
  int failures = 0;
};

std::ostream& operator<<(std::ostream& out, const Found& found) {
  return out << found.failures << " failures; over HTTP " << found.seen.lost << " lost, " << found.seen.unexpected
             << " unexpected, " << found.seen.vanished << " vanished, " << found.seen.outdated
             << " outdated; in PostgreSQL " << found.set.false_200 << " false 200, " << found.set.unexpected
             << " unexpected, " << found.set.duplicated << " duplicated";
}

struct Plant {
  const char* name;
  const char* sql;  // returns something if it altered something
  std::function<bool(const Found&)> is_found;
};

std::ostream& operator<<(std::ostream& out, const Plant& plant) { return out << plant.name; }

bool is_loss(const Found& found) { return found.seen.lost > 0 && found.set.false_200 > 0; }

// Rows of one batch have one xmin: they were written by one transaction.
const Plant plants[]{
    {"nothing", "SELECT 1",
     [](const Found& found) { return found.failures == 0 && found.set.rows == found.seen.stored; }},
    {"last_batch_lost_after_it_was_acknowledged",
     R"sql(DELETE FROM device_status
           WHERE xmin = (SELECT xmin FROM device_status ORDER BY created_at DESC LIMIT 1) RETURNING 1)sql",
     is_loss},
    {"last_row_of_each_batch_dropped",
     R"sql(DELETE FROM device_status WHERE (device_id, timestamp, battery_level, rssi, online) IN
             (SELECT DISTINCT ON (xmin::text) device_id, timestamp, battery_level, rssi, online
              FROM device_status ORDER BY xmin::text, device_id DESC, timestamp DESC) RETURNING 1)sql",
     is_loss},
    {"copy_that_ended_early_with_its_row_count_ignored",
     R"sql(DELETE FROM device_status WHERE (device_id, timestamp, battery_level, rssi, online) IN
             (SELECT device_id, timestamp, battery_level, rssi, online FROM
                (SELECT *, row_number() OVER (PARTITION BY xmin::text ORDER BY device_id, timestamp) AS place
                 FROM device_status) AS batches
              WHERE place > 3) RETURNING 1)sql",
     is_loss},
    {"row_written_twice",
     R"sql(ALTER TABLE device_status DROP CONSTRAINT device_status_pkey;
           INSERT INTO device_status SELECT * FROM device_status LIMIT 1 RETURNING 1)sql",
     [](const Found& found) { return found.seen.unexpected > 0 && found.set.duplicated == 1; }},
    {"row_that_no_client_sent",
     R"sql(INSERT INTO device_status SELECT device_id, timestamp - interval '1 day', battery_level, rssi, online,
             created_at FROM device_status LIMIT 1 RETURNING 1)sql",
     [](const Found& found) { return found.seen.unexpected == 1 && found.set.unexpected == 1; }},
    // ">=" for ">". The fault is in the map alone.
    {"earlier_report_of_equal_timestamp_shown_as_latest",
     R"sql(UPDATE device_latest AS latest
           SET battery_level = earlier.battery_level, rssi = earlier.rssi, online = earlier.online, received_at = now()
           FROM device_status AS earlier
           WHERE latest.device_id = earlier.device_id AND latest.timestamp = earlier.timestamp
             AND earlier.created_at < latest.received_at RETURNING 1)sql",
     [](const Found& found) {
       return found.seen.outdated > 0 && found.seen.lost == 0 && found.seen.unexpected == 0 &&
              found.set.false_200 == 0 && found.set.unexpected == 0 && found.set.duplicated == 0;
     }},
    {"latest_status_shown_before_its_commit_and_lost",
     R"sql(DELETE FROM device_status WHERE device_id LIKE 'planted-0-%' RETURNING 1)sql",
     [](const Found& found) { return found.seen.vanished > 0; }},
};

// One load, from which each test starts with a database of its own.
class PlantedFaults : public ::testing::TestWithParam<Plant> {
 protected:
  static void SetUpTestSuite() { recorded_ = std::make_unique<Recorded>(); }
  static void TearDownTestSuite() { recorded_.reset(); }

  static Found check(const char* sql) {
    auto& [postgres, service, recording] = *recorded_;
    postgres.execute("postgres", "DROP DATABASE IF EXISTS ubiety");
    postgres.execute("postgres", "CREATE DATABASE ubiety TEMPLATE sound");
    EXPECT_TRUE(postgres.execute("ubiety", sql).has_value()) << "nothing altered";
    service.start();
    Found found;
    found.failures = failures_of([&] {
      found.seen = verify(service.port(), recording);
      found.set = check_stored_set(postgres, recording);
    });
    service.kill_hard();
    return found;
  }

 private:
  struct Recorded {
    Recorded() {
      postgres.start();
      service.settings()["DATABASE_URL"] = postgres.url();
      service.start();
      RecordedLoad load(service.port(), "planted", new_seed(), {.requests_between_reads = 4});
      EXPECT_TRUE(wait_until([&] { return load.stored() > 1500; }, 20s, 1ms));
      load.stop();
      recording = load.finish();
      EXPECT_EQ(service.terminate(), 0);
      postgres.execute("postgres", "ALTER DATABASE ubiety RENAME TO sound");
    }

    PostgresServer postgres;
    ServiceProcess service;
    Recording recording;
  };

  static std::unique_ptr<Recorded> recorded_;
};

std::unique_ptr<PlantedFaults::Recorded> PlantedFaults::recorded_;

TEST_P(PlantedFaults, are_found_by_their_check) {
  const auto found = check(GetParam().sql);
  EXPECT_TRUE(GetParam().is_found(found)) << found;
  EXPECT_EQ(found.failures > 0, std::string_view(GetParam().name) != "nothing") << found;
  EXPECT_GT(found.seen.reads, 100u);
}

INSTANTIATE_TEST_SUITE_P(Plants, PlantedFaults, ::testing::ValuesIn(plants),
                         [](const auto& plant) { return std::string(plant.param.name); });

}  // namespace
}  // namespace ubiety::test
