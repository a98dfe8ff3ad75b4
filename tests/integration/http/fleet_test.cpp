// The fleet at a glance: its numbers, the devices that need attention, groups and outages.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"
#include "support/shifted_clock.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Fleet : public ::testing::TestWithParam<StoreKind> {
 protected:
  Fleet() {
    auto& settings = service_.settings();
    settings["STALE_AFTER"] = "2";
    settings["LEARNING_PATIENCE"] = "4";
    settings["GROUP_BY"] = "prefix:-";
    service_.start();
  }

  void accept(const std::string& device, int level = 76, int rssi = -60) {
    const auto now = utc_text(std::chrono::system_clock::now());
    const Report report{.device_id = device, .timestamp = now, .battery_level = level, .rssi = rssi};
    EXPECT_EQ(HttpClient(service_.port()).post("/status", report.json()).status, 200);
  }
  Json get(const std::string& target) { return Json(HttpClient(service_.port()).get(target).body); }
  Json overview() { return get("/fleet/overview"); }
  // Each device with its problems.
  std::string attention(const std::string& query = "") {
    std::string text;
    for (const auto& device : get("/fleet/attention" + query)["devices"].elements()) {
      text += device["device_id"].text() + ":";
      for (const auto& problem : device["problems"].elements()) text += " " + problem["kind"].text();
      text += "\n";
    }
    return text;
  }

  ServiceProcess service_{with_new_database(GetParam())};
};
UBIETY_WITH_EACH_STORE(Fleet);

TEST_P(Fleet, is_counted_as_devices_report) {
  accept("gw1-a", 76);
  accept("gw1-b", 10);
  accept("gw1-b", 11);
  EXPECT_TRUE(wait_until([&] { return overview()["devices"].integer() == 2; }, 5s));
  const auto counts = overview();
  EXPECT_EQ(counts["problems"]["battery_low"].integer(), 1);
  EXPECT_EQ(counts["devices_with_problems"].integer(), 1);
  EXPECT_EQ(counts["battery_level"]["median"].integer(), 11);
  EXPECT_EQ(counts["battery_level"]["bars"][2]["devices"].integer(), 1);
  EXPECT_EQ(counts["battery_level"]["bars"][15]["devices"].integer(), 1);
  EXPECT_EQ(counts["rssi"]["median"].integer(), -60);
  EXPECT_EQ(counts["stale_after_seconds"].integer(), 2);
  EXPECT_EQ(counts["group_by"].text(), "prefix");
  EXPECT_TRUE(wait_until([&] { return overview()["silent"].integer() == 2; }, 10s));
}

TEST_P(Fleet, lists_who_needs_attention_also_after_a_crash) {
  accept("gw1-fine");
  accept("gw1-low", 5);
  accept("gw2-weak", 50, -101);
  EXPECT_EQ(attention(), "gw1-low: battery_low\ngw2-weak: weak_signal\n");
  EXPECT_EQ(attention("?group=gw2"), "gw2-weak: weak_signal\n");
  EXPECT_EQ(attention("?problem=battery_low"), "gw1-low: battery_low\n");
  EXPECT_EQ(attention("?group=nobody"), "");
  const auto since = get("/fleet/attention")["devices"][0]["problems"][0]["since"].text();
  EXPECT_TRUE(wait_until([&] { return overview()["problems"]["silent"].integer() == 3; }, 15s));
  service_.kill_hard();
  service_.start();
  EXPECT_TRUE(wait_until([&] { return overview()["problems"]["silent"].integer() == 3; }, 15s));
  EXPECT_EQ(get("/fleet/attention?problem=battery_low")["devices"][0]["problems"][1]["since"].text(), since);
}

TEST_P(Fleet, lists_attention_as_csv_and_in_pages) {
  accept("gw1-low", 5);
  accept("weak", 50, -101);
  HttpClient client(service_.port());
  const auto first = client.get("/fleet/attention?limit=1");
  const auto next = Json(first.body)["next_cursor"].text();
  EXPECT_EQ(first.header("Link"), "<?limit=1&cursor=" + next + ">; rel=\"next\"");
  EXPECT_EQ(attention("?limit=1&cursor=" + next), "weak: weak_signal\n");
  const auto csv = client.request("GET", "/fleet/attention", {{"Accept", "text/csv"}});
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_NE(csv.body.find("\r\ngw1-low,gw1,battery_low,"), std::string::npos) << csv.body;
  EXPECT_NE(csv.body.find("\r\nweak,,weak_signal,"), std::string::npos) << csv.body;
}

TEST_P(Fleet, says_what_just_happened) {
  accept("gw1-low", 5);
  EXPECT_TRUE(wait_until([&] { return get("/fleet/events")["events"].size() == 1; }, 5s));
  accept("gw1-low", 60);
  EXPECT_TRUE(wait_until([&] { return get("/fleet/events")["events"].size() == 2; }, 5s));
  const auto event = get("/fleet/events?limit=1")["events"][0];
  EXPECT_EQ(event["state"].text(), "ended");
  EXPECT_EQ(event["group"].text(), "gw1");
  EXPECT_EQ(event["problem"]["kind"].text(), "battery_low");
}

TEST_P(Fleet, knows_when_the_service_did_not_listen) {
  accept("gw1-a");
  const auto begins_with = [this](const char* saved) {
    return execute_in_store_of(service_, "SELECT count(*) FROM listening") == saved;
  };
  EXPECT_TRUE(wait_until([&] { return begins_with("1"); }, 20s)) << "the housekeeper saves the clock";
  service_.kill_hard();
  const ShiftedClock clock;
  clock.set_ahead(1h);
  for (const auto& [name, value] : clock.environment()) service_.settings()[name] = value;
  service_.start();
  EXPECT_TRUE(wait_until([&] { return get("/fleet/downtimes")["downtimes"].size() == 1; }, 10s));
  const auto downtime = get("/fleet/downtimes")["downtimes"][0];
  EXPECT_LT(downtime["from"].text(), utc_text(std::chrono::system_clock::now()));
  EXPECT_GT(downtime["to"].text(), utc_text(std::chrono::system_clock::now() + 50min));
  EXPECT_TRUE(wait_until([&] { return execute_in_store_of(service_, "SELECT count(*) FROM downtime") == "1"; }, 20s));
}

// Two groups report, then one falls silent: that is one outage, which a restart keeps, and which ends when half of its
// devices are back.
TEST_P(Fleet, has_an_outage_when_a_group_falls_silent) {
  const auto report_all = [&](const std::string& group, int devices = 12) {
    for (int i = 0; i < devices; ++i) accept(group + "-" + std::to_string(i));
  };
  const auto outages = [&] { return overview()["outages"]; };
  report_all("hall");
  EXPECT_TRUE(wait_until(
      [&] {
        report_all("shed", 30);
        return outages().size() == 1;
      },
      20s));
  const auto outage = outages()[0];
  EXPECT_EQ(outage["group"].text(), "hall");
  EXPECT_EQ(outage["silent"].integer(), 12);
  EXPECT_EQ(overview()["problems"]["silent"].integer(), 0);
  EXPECT_EQ(attention(), "");

  const auto is_running = [&] { return outages().size() == 1 && outages()[0]["ended"].dump() == "null"; };
  const auto is_saved = [&] {
    report_all("shed", 30);
    return execute_in_store_of(service_, "SELECT count(*) FROM outage") == "1";
  };
  EXPECT_TRUE(wait_until(is_saved, 20s)) << "the housekeeper saves it";
  service_.kill_hard();
  service_.start();
  report_all("shed", 30);
  EXPECT_TRUE(wait_until(is_running, 10s));
  EXPECT_EQ(outages()[0]["since"].text(), outage["since"].text());
  EXPECT_TRUE(wait_until(
      [&] {
        report_all("hall", 6);
        report_all("shed", 30);
        return !is_running();
      },
      25s));
  EXPECT_EQ(outages()[0]["devices"].integer(), 12);
}

}  // namespace
}  // namespace ubiety::test
