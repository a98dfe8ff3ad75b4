// The checkers are checked end to end: a real load on a real ubietyd and PostgreSQL, whose database is then altered as
// a fault of the service would have left it. The product knows nothing of it. Each fault has to be found, and nothing
// in the database as it is.
#include <gtest/gtest.h>

#include <functional>

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

struct Plant {
  const char* name;
  const char* sql;  // returns something if it altered something
  std::function<bool(const Found&)> is_found;
};

// Rows of one batch have one xmin: they were written by one transaction.
const std::vector<Plant> plants{
    {"acknowledged before the commit, and the last batch was lost in a crash",
     R"sql(DELETE FROM device_status
           WHERE xmin = (SELECT xmin FROM device_status ORDER BY created_at DESC LIMIT 1) RETURNING 1)sql",
     [](const Found& found) { return found.seen.lost > 0 && found.set.false_200 > 0; }},
    {"the last row of each batch dropped",
     R"sql(DELETE FROM device_status WHERE (device_id, timestamp, battery_level, rssi, online) IN
             (SELECT DISTINCT ON (xmin::text) device_id, timestamp, battery_level, rssi, online
              FROM device_status ORDER BY xmin::text, device_id DESC, timestamp DESC) RETURNING 1)sql",
     [](const Found& found) { return found.seen.lost > 0 && found.set.false_200 > 0; }},
    {"a COPY ended early, and its row count ignored",
     R"sql(DELETE FROM device_status WHERE (device_id, timestamp, battery_level, rssi, online) IN
             (SELECT device_id, timestamp, battery_level, rssi, online FROM
                (SELECT *, row_number() OVER (PARTITION BY xmin::text ORDER BY device_id, timestamp) AS place
                 FROM device_status) AS batches
              WHERE place > 3) RETURNING 1)sql",
     [](const Found& found) { return found.seen.lost > 0 && found.set.false_200 > 0; }},
    {"a row written twice",
     R"sql(ALTER TABLE device_status DROP CONSTRAINT device_status_pkey;
           INSERT INTO device_status SELECT * FROM device_status LIMIT 1 RETURNING 1)sql",
     [](const Found& found) { return found.seen.unexpected > 0 && found.set.duplicated == 1; }},
    {"a row that nobody sent",
     R"sql(INSERT INTO device_status SELECT device_id, timestamp - interval '1 day', battery_level, rssi, online,
             created_at FROM device_status LIMIT 1 RETURNING 1)sql",
     [](const Found& found) { return found.seen.unexpected == 1 && found.set.unexpected == 1; }},
    {">= for >: of equal timestamps an earlier report is the latest",
     R"sql(UPDATE device_latest AS latest
           SET battery_level = earlier.battery_level, rssi = earlier.rssi, online = earlier.online, received_at = now()
           FROM device_status AS earlier
           WHERE latest.device_id = earlier.device_id AND latest.timestamp = earlier.timestamp
             AND earlier.created_at < latest.received_at RETURNING 1)sql",
     [](const Found& found) { return found.seen.lost == 0 && found.set.false_200 == 0; }},  // in the map alone
    {"a latest status shown before its commit, and lost",
     R"sql(DELETE FROM device_status WHERE device_id LIKE 'planted-0-%' RETURNING 1)sql",
     [](const Found& found) { return found.seen.vanished > 0; }},
};

class PlantedFaults : public ::testing::Test {
 protected:
  PlantedFaults() {
    postgres_.start();
    service_.settings()["DATABASE_URL"] = postgres_.url();
    service_.start();
    RecordedLoad load(service_.port(), "planted", new_seed(), {.requests_between_reads = 4});
    EXPECT_TRUE(wait_until([&] { return load.stored() > 1500; }, 20s, 1ms));
    load.stop();
    recording_ = load.finish();
    EXPECT_EQ(service_.terminate(), 0);
    postgres_.execute("postgres", "ALTER DATABASE ubiety RENAME TO sound");
  }

  Found check(const char* sql) {
    postgres_.execute("postgres", "DROP DATABASE IF EXISTS ubiety");
    postgres_.execute("postgres", "CREATE DATABASE ubiety TEMPLATE sound");
    EXPECT_TRUE(postgres_.execute("ubiety", sql).has_value()) << "nothing altered";
    service_.start();
    Found found;
    found.failures = failures_of([&] {
      found.seen = verify(service_.port(), recording_);
      found.set = check_stored_set(postgres_, recording_);
    });
    service_.kill_hard();
    return found;
  }

  PostgresServer postgres_;
  ServiceProcess service_;
  Recording recording_;
};

TEST_F(PlantedFaults, are_each_found) {
  const auto sound = check("SELECT 1");
  EXPECT_EQ(sound.failures, 0);
  EXPECT_EQ(sound.set.rows, sound.seen.stored);
  EXPECT_GT(sound.seen.reads, 100u);
  for (const auto& plant : plants) {
    SCOPED_TRACE(plant.name);
    const auto found = check(plant.sql);
    EXPECT_GT(found.failures, 0);
    EXPECT_TRUE(plant.is_found(found)) << found.seen.lost << " lost, " << found.seen.unexpected << " unexpected, "
                                       << found.seen.vanished << " vanished; in PostgreSQL " << found.set.false_200
                                       << " false 200, " << found.set.unexpected << " unexpected, "
                                       << found.set.duplicated << " duplicated";
  }
}

}  // namespace
}  // namespace ubiety::test
