// RELIABILITY.md, row 12: a start with many devices in the store, after kill -9. Each device has history and is among
// the latest statuses. The log has updates that are not merged: of most devices newer ones, of some late ones, and some
// devices are new. What is served is compared with what was posted.
#include <gtest/gtest.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "faults/figures.hpp"
#include "support/batch.hpp"
#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/store_kind.hpp"
#include "support/time_limit.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const int device_count = in_short_or_soak(100'000, 1'000'000);
constexpr int rounds_in_tail = 2;  // updates of a device that are not merged
constexpr auto time_to_get_ready = 3s;
constexpr auto patience = 60s;

class ManyDevices : public ::testing::TestWithParam<StoreKind> {
 protected:
  // Posts batches of 1,000 updates: of each of the numbers n from 1 to device_count that `which` chooses, one update of
  // the device `device(n)`, at so many seconds after 2025-06-09T14:00:00Z.
  template <class Which, class Device, class Seconds>
  void post(int round, Which which, Device device, Seconds seconds) {
    HttpClient client(service_.port(), patience);
    std::vector<std::string> reports;
    const auto flush = [&] {
      ASSERT_EQ(client.post("/status/batch", array_of(reports)).status, 200) << service_.log();
      reports.clear();
    };
    for (int n = 1; n <= device_count; ++n) {
      if (!which(n)) continue;
      const int time = seconds(n);
      const Report report{.device_id = "device-" + std::to_string(10'000'000 + device(n)),
                          .timestamp = utc_text(std::chrono::system_clock::from_time_t(1'749'477'600 + time)),
                          .battery_level = (n + round) % 101,
                          .rssi = -(n % 100),
                          .online = (n + round) % 2 == 0};
      reports.push_back(report.json());
      if (const auto [known, is_new] = posted_.emplace(report.device_id, Posted{time, ""});
          is_new || known->second.seconds < time)
        known->second = {time, summary_entry_of(report)};
      if (reports.size() == 1000) flush();
      if (HasFatalFailure()) return;
    }
    if (!reports.empty()) flush();
  }

  static std::string summary_entry_of(const Report& report) {
    return "{\"device_id\":\"" + report.device_id + "\",\"battery_level\":" + std::to_string(report.battery_level) +
           ",\"online\":" + (report.online ? "true" : "false") + ",\"last_update\":\"" + report.timestamp +
           "\",\"rssi\":" + std::to_string(report.rssi) + ",\"stale\":false}";
  }

  static bool is_any(int) { return true; }
  static int itself(int n) { return n; }

  void fill() {
    service_.settings()["TAIL_MEMORY"] = "0";
    service_.start();
    ASSERT_NO_FATAL_FAILURE(post(0, is_any, itself, [](int n) { return n % 3600; }));
    ASSERT_TRUE(wait_until([this] { return metric("ubiety_tail_updates") == 0; }, patience)) << service_.log();
    service_.settings()["TAIL_MEMORY"] = "1000000000";
    service_.restart();
    for (int round = 1; round <= rounds_in_tail; ++round)
      ASSERT_NO_FATAL_FAILURE(post(
          round, [](int n) { return n % 10 != 1; }, itself, [&](int) { return 4000 + round; }));
    ASSERT_NO_FATAL_FAILURE(post(
        1, [](int n) { return n % 10 == 1; }, itself, [](int) { return -100; }));
    ASSERT_NO_FATAL_FAILURE(post(
        1, [](int n) { return n % 1000 == 2; }, [](int n) { return device_count + n; }, [](int) { return 4000; }));
    EXPECT_GE(metric("ubiety_tail_updates"), device_count * rounds_in_tail * 9 / 10);
    service_.kill_hard();
  }

  double metric(const char* name) { return scrape(service_.port()).at(name); }

  // Devices that are served in another way than they were posted, are missing, or were not posted.
  std::size_t wrongly_served() {
    const auto body = HttpClient(service_.port(), patience).get("/status/summary").body;
    std::size_t right = 0, served = 0;
    for (const auto& entry : Json(body)["devices"].elements()) {
      ++served;
      const auto found = posted_.find(entry["device_id"].text());
      right += found != posted_.end() && found->second.entry == without_last_heard(entry.dump());
    }
    return std::max(served, posted_.size()) - right;
  }

  struct Posted {
    int seconds;
    std::string entry;  // of the summary
  };

  std::unordered_map<std::string, Posted> posted_;  // the newest of each device
  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(ManyDevices, are_served_soon_after_a_start) {
  Figures figures(12, std::to_string(device_count) + " devices at a start, " + ::testing::PrintToString(GetParam()));
  ASSERT_NO_FATAL_FAILURE(fill());

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

  figures.exactly("devices other than posted", wrongly_served(), 0);
  figures.note("ready after", ready);
  figures.at_most("first status served after", served, time_to_get_ready);
  figures.note("memory", memory);
  figures.note("memory with the summary rendered", memory_of(service_.pid()));
}

UBIETY_WITH_EACH_STORE(ManyDevices);

}  // namespace
}  // namespace ubiety::test
