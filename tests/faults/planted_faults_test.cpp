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
#include "support/metrics.hpp"
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

// Alters an array of segments that have several records, so that the sizes of all their arrays match afterwards.
#define CUT(array) array " = " array "[2:]"

// Faults of appends are planted in the log, faults of merges in the history. Records of one merge have one number.
const Plant plants[]{
    {"nothing", "SELECT 1",
     [](const Found& found) { return found.failures == 0 && found.set.rows == found.seen.stored; }},
    {"last_commit_lost_after_it_was_acknowledged",
     R"sql(DELETE FROM update_log WHERE newest_received = (SELECT max(newest_received) FROM update_log) RETURNING 1)sql",
     is_loss},
    {"last_update_of_each_commit_dropped",
     R"sql(UPDATE update_log
           SET device_ids = array_to_string(trim_array(string_to_array(device_ids, E'\n'), 1), E'\n'),
               timestamps = trim_array(timestamps, 1), battery_levels = trim_array(battery_levels, 1),
               rssis = trim_array(rssis, 1), onlines = trim_array(onlines, 1), created_ats = trim_array(created_ats, 1)
           RETURNING 1)sql",
     is_loss},
    {"update_appended_twice",
     R"sql(INSERT INTO update_log
           SELECT stream, sequence + 1, newest_received, device_ids, timestamps, battery_levels, rssis, onlines,
                  created_ats
           FROM update_log ORDER BY sequence DESC LIMIT 1 RETURNING 1)sql",
     // Over HTTP a repetition is folded into the first.
     [](const Found& found) { return found.set.duplicated > 0 && found.set.false_200 == 0; }},
    {"update_that_no_client_sent",
     R"sql(INSERT INTO update_log
           SELECT stream, sequence + 1, newest_received, split_part(device_ids, E'\n', 1),
                  ARRAY[timestamps[1] - interval '1 day'], battery_levels[1:1], rssis[1:1], onlines[1:1],
                  created_ats[1:1]
           FROM update_log ORDER BY sequence DESC LIMIT 1 RETURNING 1)sql",
     [](const Found& found) { return found.seen.unexpected == 1 && found.set.unexpected == 1; }},
    {"log_row_deleted_by_a_merge_that_wrote_nothing",
     R"sql(WITH merged AS (DELETE FROM update_log RETURNING stream, sequence)
           UPDATE node_stream SET trimmed = (SELECT max(sequence) FROM merged WHERE stream = id)
           WHERE id IN (SELECT stream FROM merged) RETURNING 1)sql",
     is_loss},
    {"copy_that_ended_early_with_its_row_count_ignored",
     R"sql(DELETE FROM device_history WHERE (device_id, last_timestamp, merge) IN
             (SELECT device_id, last_timestamp, merge FROM
                (SELECT *, row_number() OVER (PARTITION BY merge ORDER BY device_id, last_timestamp) AS place
                 FROM device_history) AS merges
              WHERE place > 3) RETURNING 1)sql",
     is_loss},
    {"segment_lost",
     R"sql(DELETE FROM device_history WHERE (device_id, last_timestamp, merge) IN
             (SELECT device_id, last_timestamp, merge FROM device_history ORDER BY count LIMIT 1) RETURNING 1)sql",
     is_loss},
    {"record_cut_out_of_a_segment",
     "UPDATE device_history SET count = count - 1, " CUT("offsets") ", " CUT("timestamps") ", " CUT("delays") ", " CUT(
         "created_ats") ", " CUT("battery_levels") ", " CUT("rssis") ", " CUT("onlines") " WHERE (device_id, "
                                                                                         "last_timestamp, merge) IN "
                                                                                         "(SELECT device_id, "
                                                                                         "last_timestamp, merge FROM "
                                                                                         "device_history"
                                                                                         " WHERE count > 1 LIMIT 1) "
                                                                                         "RETURNING 1",
     [](const Found& found) { return found.seen.lost == 1 && found.set.false_200 == 1; }},
    {"record_altered",
     R"sql(UPDATE device_history SET rssis[1] = -rssis[1] / 8
           WHERE (device_id, last_timestamp, merge) IN
             (SELECT device_id, last_timestamp, merge FROM device_history WHERE rssis[1] < -80 LIMIT 1) RETURNING 1)sql",
     [](const Found& found) {
       return is_loss(found) && found.seen.unexpected > 0 && found.set.false_200 == 1 && found.set.unexpected == 1;
     }},
    {"segment_written_twice",
     R"sql(INSERT INTO device_history
           SELECT last_timestamp, first_timestamp, nextval('device_history_merge'), count, unit, closed, device_id,
                  offsets, timestamps, delays, created_ats, battery_levels, rssis, onlines
           FROM device_history LIMIT 1 RETURNING 1)sql",
     [](const Found& found) { return found.set.duplicated > 0 && found.set.false_200 == 0; }},
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
     R"sql(DELETE FROM update_log WHERE device_ids LIKE '%logged-0-%' RETURNING 1)sql",
     [](const Found& found) { return found.seen.vanished > 0; }},
    {"latest_status_shown_before_its_merge_and_lost",
     R"sql(DELETE FROM device_history WHERE device_id LIKE 'merged-0-%' RETURNING 1)sql",
     [](const Found& found) { return found.seen.vanished > 0; }},
};

#undef CUT

// A load that was merged, and one that is in the log. Each test starts from these with a database of its own.
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
      service.settings()["TAIL_MEMORY"] = "0";
      record("merged", [this] { return scrape(service.port()).at("ubiety_tail_updates") == 0; });
      service.settings().erase("TAIL_MEMORY");
      record("logged", [] { return true; });
      postgres.execute("postgres", "ALTER DATABASE ubiety RENAME TO sound");
    }

    void record(const char* name, const std::function<bool()>& is_stored) {
      service.start();
      RecordedLoad load(service.port(), name, new_seed(), {.requests_between_reads = 4});
      EXPECT_TRUE(wait_until([&] { return load.stored() > 1000; }, 20s, 1ms));
      load.stop();
      add(recording, load.finish());
      EXPECT_TRUE(wait_until(is_stored, 20s)) << service.log();
      EXPECT_EQ(service.terminate(), 0);
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
