// RELIABILITY.md, row 12: a start with many devices in the store. They are put there by SQL, as a service that was
// killed leaves them: each has history, the checkpoint has each, and since its watermark some reported anew, some late,
// and some for the first time. What is served is compared with what SQL makes of the history alone, without the
// checkpoint.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/soak.hpp"
#include "support/store_kind.hpp"
#include "support/store_sql.hpp"
#include "support/time_limit.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const int device_count = in_short_or_soak(100'000, 1'000'000);
constexpr auto time_to_get_ready = 3s;
constexpr auto patience = 60s;

std::size_t differing_lines(const std::string& left, const std::string& right) {
  std::istringstream lines(left), others(right);
  std::size_t count = 0;
  for (std::string line, other;; line.clear(), other.clear()) {
    std::getline(lines, line);
    std::getline(others, other);
    if (!lines && !others) return count;
    count += line != other;
  }
}

class ManyDevices : public ::testing::TestWithParam<StoreKind> {
 protected:
  bool is_postgresql() const { return GetParam() == StoreKind::postgresql; }

  // A time so many seconds after 2025-06-09T14:00:00Z.
  std::string time_at(const std::string& seconds) const {
    const auto since_1970 = "(1749477600 + " + seconds + ")";
    return is_postgresql() ? "to_timestamp" + since_1970 : since_1970 + " * 1000000";
  }

  // Puts a row into the history for each of the numbers n from 1 to device_count that `which` chooses.
  void add_history(const std::string& device, const std::string& seconds, const std::string& received,
                   const std::string& which) {
    execute(
        "INSERT INTO device_status (device_id, timestamp, battery_level, rssi, online, created_at) "
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < " +
        std::to_string(device_count) + ") SELECT 'device-' || (10000000 + " + device + "), " + time_at(seconds) +
        ", n % 101, -(n % 100), n % 2 = 0, " + time_at(received) + " FROM numbers WHERE " + which);
  }

  void fill() {
    ASSERT_EQ(run_ubietyd({"migrate", "up"}, service_.settings(), service_.folder()).status.code, 0);
    add_history("n", "n % 3600", "n % 3600 + 1", "true");
    execute("INSERT INTO device_latest SELECT * FROM device_status");
    execute("INSERT INTO checkpoint (the_only_row, watermark) VALUES (true, " + time_at("3700") + ")");
    add_history("n", "4000", "4001", "n % 10 = 0");
    add_history("n", "-100", "4001", "n % 10 = 1");
    add_history(std::to_string(device_count) + " + n", "4000", "4001", "n % 1000 = 2");
    if (is_postgresql())
      execute("VACUUM ANALYZE device_status");  // which autovacuum has done in a service's life
    else
      log_what_came_after("3700");
  }

  // SQLite's start looks for that in its log.
  void log_what_came_after(const std::string& watermark) {
    execute(
        "INSERT INTO update_log (newest_received, fresh, settled) SELECT max(created_at), '[]', json_group_array("
        "json_array(device_id, timestamp, battery_level, rssi, online, created_at)) "
        "FROM device_status WHERE created_at >= " +
        time_at(watermark));
  }

  std::string expected_summary() {
    const std::string time = is_postgresql() ? R"(to_char(timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))"
                                             : "strftime('%Y-%m-%dT%H:%M:%SZ', timestamp / 1000000, 'unixepoch')";
    const auto entry = R"('{"device_id":"' || device_id || '","battery_level":' || battery_level || ',"online":' ||
                          CASE WHEN online THEN 'true' ELSE 'false' END || ',"last_update":"' || )" +
                       time + R"( || '"}')";
    const std::string aggregate = is_postgresql() ? "string_agg" : "group_concat";
    return execute("SELECT " + aggregate + "(entry, '\n') FROM (SELECT " + entry +
                   " AS entry FROM (SELECT *, row_number() OVER (PARTITION BY device_id ORDER BY timestamp DESC,"
                   " created_at DESC) AS place FROM device_status) AS ranked WHERE place = 1 ORDER BY device_id)"
                   " AS entries")
        .value();
  }

  std::string served_summary() {
    std::vector<std::string> entries;
    const auto body = HttpClient(service_.port(), patience).get("/status/summary").body;
    for (const auto& entry : Json(body)["devices"].elements()) entries.push_back(entry.dump());
    std::sort(entries.begin(), entries.end());
    std::string summary;
    for (const auto& entry : entries) summary.append(summary.empty() ? "" : "\n").append(entry);
    return summary;
  }

  std::optional<std::string> execute(const std::string& sql) { return execute_in_store_of(service_, sql); }

  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(ManyDevices, are_served_soon_after_a_start) {
  Figures figures(12, std::to_string(device_count) + " devices at a start, " + ::testing::PrintToString(GetParam()));
  ASSERT_NO_FATAL_FAILURE(fill());
  const auto expected = expected_summary();

  const auto launched = std::chrono::steady_clock::now();
  service_.start_unready();
  HttpClient client(service_.port(), patience);
  EXPECT_EQ(client.get("/health").status, 503) << "nothing can be loaded yet";
  EXPECT_EQ(client.get("/status/device-10000001").status, 503);
  EXPECT_EQ(client.get("/status/summary").status, 503);
  ASSERT_TRUE(wait_until([&] { return client.get("/health").status == 200; }, patience)) << service_.log();
  const auto ready = since(launched);
  // The shards may still be busy with what was sent to them: their first answer belongs to it.
  EXPECT_EQ(client.get("/status/device-10000001").status, 200);
  const auto served = since(launched);
  const auto memory = memory_of(service_.pid());
  const auto served_devices = served_summary();

  figures.exactly("devices other than SQL has them", differing_lines(served_devices, expected), 0);
  figures.note("ready after", ready);
  figures.at_most("first status served after", served, time_to_get_ready);
  figures.note("memory", memory);
  figures.note("memory with the summary rendered", memory_of(service_.pid()));
}

UBIETY_WITH_EACH_STORE(ManyDevices);

}  // namespace
}  // namespace ubiety::test
