// DELETE /status/{device_id} and DELETE /status.
#include <gtest/gtest.h>

#include <set>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/event_stream.hpp"
#include "support/json.hpp"
#include "support/service_log.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

std::string now_text() { return utc_text(std::chrono::system_clock::now() + 1s); }

class Removal : public EachStore {
 protected:
  HttpResponse remove(const std::string& device) {
    return client_.request("DELETE", "/status/" + percent_encode(device));
  }
  HttpResponse remove_all(const std::string& query) { return client_.request("DELETE", "/status?" + query); }
  int status_of(const std::string& device) { return client_.get("/status/" + percent_encode(device)).status; }
  std::int64_t devices_with(const std::string& prefix) {
    return Json(client_.get("/status/summary?prefix=" + percent_encode(prefix)).body)["total_devices"].integer();
  }
};
UBIETY_WITH_EACH_STORE(Removal);

TEST_P(Removal, leaves_nothing_of_a_device) {
  const auto device = fresh_device("removal \xC3\xA9/");
  accept({.device_id = device});
  const auto removed = remove(device);
  EXPECT_EQ(removed.status, 204);
  EXPECT_EQ(removed.body, "");
  EXPECT_EQ(status_of(device), 404);
  EXPECT_EQ(client_.get("/status/" + percent_encode(device) + "/history").status, 404);
  EXPECT_EQ(devices_with(device), 0);
}

TEST_P(Removal, is_not_found_for_an_unknown_device) {
  const auto unknown = remove("sensor-xyz-999");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, R"({"detail":"Device sensor-xyz-999 not found"})");
  const auto device = fresh_device();
  accept({.device_id = device});
  EXPECT_EQ(remove(device).status, 204);
  EXPECT_EQ(remove(device).status, 404);
}

TEST_P(Removal, is_not_undone_by_an_old_report) {
  const auto device = fresh_device();
  const Report old{.device_id = device, .timestamp = "2025-06-09T14:00:00Z"};
  accept(old);
  EXPECT_EQ(remove(device).status, 204);
  accept(old);
  const auto batch = client_.request("POST", "/status/batch",
                                     {{"Content-Type", "application/json"}, {"Prefer", "return=representation"}},
                                     "[" + old.json() + "]");
  EXPECT_EQ(Json(batch.body)["results"][0].text(), "late") << batch.body;
  EXPECT_EQ(status_of(device), 404);
}

TEST_P(Removal, ends_with_a_newer_report_and_an_empty_history) {
  const auto device = fresh_device();
  for (const auto* minute : {"01", "02", "03"})
    accept({.device_id = device, .timestamp = std::string("2025-06-09T14:") + minute + ":00Z"});
  EXPECT_EQ(Json(history(device))["total_records"].integer(), 3);
  EXPECT_EQ(remove(device).status, 204);
  const Report newer{.device_id = device, .timestamp = now_text(), .battery_level = 42};
  accept(newer);
  EXPECT_EQ(Json(latest(device))["battery_level"].integer(), 42);
  for (int reads = 0; reads < 3; ++reads) {
    const Json page(history(device));
    EXPECT_EQ(page["total_records"].integer(), 1);
    EXPECT_EQ(page["history"].size(), 1U);
  }
  EXPECT_EQ(Json(history(device, "?before=2025-06-10T00:00:00Z"))["total_records"].integer(), 0);
  const auto buckets = history(device, "?from=2025-06-09T00:00:00Z&to=2025-06-10T00:00:00Z&buckets=1");
  EXPECT_EQ(Json(buckets)["buckets"][0]["records"].integer(), 0);
}

TEST_P(Removal, takes_what_a_device_called_batch_has) {
  accept({.device_id = "batch"});
  EXPECT_EQ(client_.request("DELETE", "/status/batch").status, 204);
  EXPECT_EQ(client_.get("/status/batch").status, 404);
}

TEST_P(Removal, takes_all_that_match_if_they_are_as_many_as_expected) {
  const auto prefix = fresh_device("many-") + ".";
  for (int i = 0; i < 12; ++i) accept({.device_id = prefix + std::to_string(i)});
  const auto refused = remove_all("prefix=" + prefix + "&expect=11");
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(Json(refused.body)["matches"].integer(), 12);
  EXPECT_EQ(devices_with(prefix), 12);
  EXPECT_EQ(remove_all("prefix=" + prefix + "&silent_for=1h&expect=12").status, 412);
  const auto removed = remove_all("prefix=" + prefix + "&expect=12");
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(removed.body, R"({"removed":12})");
  EXPECT_EQ(devices_with(prefix), 0);
  EXPECT_EQ(remove_all("prefix=" + prefix + "&expect=0").body, R"({"removed":0})");
}

TEST_P(Removal, needs_a_selection_and_what_is_expected) {
  EXPECT_EQ(remove_all("").status, 422);
  EXPECT_EQ(remove_all("prefix=a").status, 422);
  EXPECT_EQ(remove_all("expect=1").status, 400);
  EXPECT_EQ(remove_all("prefix=&expect=1").status, 400);
  EXPECT_EQ(remove_all("silent_for=soon&expect=1").status, 400);
  EXPECT_EQ(remove_all("prefix=a&expect=-1").status, 400);
  EXPECT_EQ(remove_all("prefix=a&expect=many").status, 400);
}

TEST_P(Removal, is_in_the_log) {
  const auto device = fresh_device();
  accept({.device_id = device});
  EXPECT_EQ(client_.request("DELETE", "/status/" + device, {{"X-Request-ID", "who-" + device}}).status, 204);
  EXPECT_TRUE(wait_until(
      [&] {
        const auto log = service_.log();
        const auto line = log.find("device removed");
        return line != std::string::npos && log.find("who-" + device) != std::string::npos;
      },
      5s));
}

TEST_P(Removal, is_among_the_fleets_events) {
  const auto device = fresh_device();
  accept({.device_id = device});
  EXPECT_EQ(remove(device).status, 204);
  const Json event = Json(client_.get("/fleet/events?limit=1").body)["events"][0];
  EXPECT_EQ(event["kind"].text(), "removed");
  EXPECT_EQ(event["device_id"].text(), device);
}

// Each of the devices has a problem, which ends with it.
TEST_P(Removal, of_many_devices_is_one_event) {
  const auto prefix = fresh_device("many-") + ".", before = fresh_device();
  accept({.device_id = before});
  EXPECT_EQ(remove(before).status, 204);
  std::vector<std::string> reports;
  for (int i = 0; i < 2'500; ++i)
    reports.push_back(Report{.device_id = prefix + std::to_string(i), .battery_level = 3}.json());
  ASSERT_EQ(post_batch(client_, ndjson_of(reports)).status, 200);
  ASSERT_TRUE(wait_until(
      [&] { return Json(client_.get("/fleet/attention?prefix=" + prefix).body)["total"].integer() == 2'500; }, 10s));
  const auto events = [&](int most) {
    return Json(client_.get("/fleet/events?limit=" + std::to_string(most)).body)["events"];
  };
  ASSERT_TRUE(wait_until([&] { return events(1)[0]["kind"].text() == "problem"; }, 10s));
  EventStream stream(service_.port(), "?events=action,status&prefix=" + prefix);
  EXPECT_EQ(stream.next("current").name, "current");
  EXPECT_EQ(remove_all("prefix=" + prefix + "&expect=2500").status, 200);
  const auto event = events(1)[0];
  EXPECT_EQ(event["kind"].text(), "removed");
  EXPECT_EQ(event["devices"].integer(), 2'500);
  EXPECT_EQ(event["prefix"].text(), prefix);
  EXPECT_EQ(events(2)[1]["state"].text(), "began") << "no problem's end is an event";
  std::set<std::string> gone;
  for (auto next = stream.next(); next.name != "action"; next = stream.next()) {
    ASSERT_EQ(next.name, "removed");
    gone.insert(Json(next.data)["device_id"].text());
  }
  EXPECT_EQ(gone.size(), 2'500u) << "a client that has a copy of the fleet gets each";
}

TEST(RemovalOfSilentDevices, leaves_those_that_report) {
  ServiceProcess service;
  service.settings()["STALE_AFTER"] = "1";
  service.start();
  HttpClient client(service.port());
  for (const auto* device : {"quiet-1", "quiet-2", "lively"})
    EXPECT_EQ(client.post("/status", Report{.device_id = device}.json()).status, 200);
  ASSERT_TRUE(wait_until(
      [&] {
        EXPECT_EQ(client.post("/status", Report{.device_id = "lively"}.json()).status, 200);
        return Json(client.get("/status/summary?silent_for=2").body)["total_devices"].integer() == 2;
      },
      15s));
  EXPECT_EQ(client.request("DELETE", "/status?silent_for=2&expect=2").body, R"({"removed":2})");
  EXPECT_EQ(client.get("/status/lively").status, 200);
  EXPECT_EQ(Json(client.get("/status/summary").body)["total_devices"].integer(), 1);
  EXPECT_EQ(Json(client.get("/fleet/overview").body)["devices"].integer(), 1);
  const auto event = Json(client.get("/fleet/events?limit=1").body)["events"][0];
  EXPECT_EQ(event["devices"].integer(), 2);
  EXPECT_EQ(event["silent_for"].integer(), 2);
}

TEST_P(Removal, deletes_the_rows_too) {
  const auto device = fresh_device();
  accept({.device_id = device});
  EXPECT_EQ(remove(device).status, 204);
  const auto rows = [&](const std::string& table) {
    return execute_in_store_of(service_, "SELECT count(*) FROM " + table + " WHERE device_id = '" + device + "'");
  };
  EXPECT_TRUE(wait_until([&] { return rows("device_latest") == "0" && rows("device_history") == "0"; }, 10s));
  EXPECT_EQ(rows("removed_device"), "1");
}

}  // namespace
}  // namespace ubiety::test
