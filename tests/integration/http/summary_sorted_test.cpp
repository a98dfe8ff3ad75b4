// The sorted pages of a summary, by a service with several shards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Ids = std::vector<std::string>;

// Each test looks at a whole fleet, so each has a service of its own.
class SortedSummary : public ::testing::Test {
 protected:
  SortedSummary() : service_(Environment{{"SHARDS", "3"}}) { service_.start(); }

  // Not in the order of the ids, and many are equal in one member or another.
  void fill(int devices) {
    std::string batch;
    for (int i = 0; i < devices; ++i) {
      devices_.push_back({.device_id = "device-" + std::to_string(10'000 + i * 7919 % 5'003),
                          .battery_level = i * 37 % 101,
                          .rssi = -(i * 53 % 90),
                          .online = i % 3 != 0});
      batch += devices_.back().json() + "\n";
    }
    const auto response =
        HttpClient(service_.port()).request("POST", "/status/batch", {{"Content-Type", "application/x-ndjson"}}, batch);
    ASSERT_EQ(response.status, 200) << response.body;
  }

  HttpResponse get(const std::string& query) { return HttpClient(service_.port()).get("/status/summary?" + query); }
  Json ask(const std::string& query) {
    const auto response = get(query);
    EXPECT_EQ(response.status, 200) << query << ": " << response.body;
    return Json(response.body);
  }
  static Ids ids_in(const Json& summary) {
    Ids ids;
    for (const auto& device : summary["devices"].elements()) ids.push_back(device["device_id"].text());
    return ids;
  }
  Ids all_pages(const std::string& query, std::size_t limit) {
    Ids all;
    for (;;) {
      const auto ids = ids_in(ask(query + "&limit=" + std::to_string(limit) + "&offset=" + std::to_string(all.size())));
      if (ids.empty()) return all;
      all.insert(all.end(), ids.begin(), ids.end());
    }
  }

  template <class Key>
  Ids sorted(Key key) const {
    std::vector<std::tuple<int, std::string>> keys;
    for (const auto& device : devices_) keys.emplace_back(key(device), device.device_id);
    std::sort(keys.begin(), keys.end());
    Ids ids;
    for (auto& [value, id] : keys) ids.push_back(std::move(id));
    return ids;
  }

  ServiceProcess service_;
  std::vector<Report> devices_;
};

TEST_F(SortedSummary, has_each_device_once_on_its_pages) {
  fill(2'000);
  auto by_id = sorted([](const Report&) { return 0; });
  EXPECT_EQ(all_pages("sort=device_id", 300), by_id);
  EXPECT_EQ(all_pages("sort=battery_level", 700), sorted([](const Report& device) { return device.battery_level; }));
  EXPECT_EQ(all_pages("sort=battery_level&order=desc", 300),
            sorted([](const Report& device) { return -device.battery_level; }));
  EXPECT_EQ(all_pages("sort=rssi&order=desc", 300), sorted([](const Report& device) { return -device.rssi; }));
  std::reverse(by_id.begin(), by_id.end());
  EXPECT_EQ(all_pages("order=desc", 999), by_id);
}

TEST_F(SortedSummary, counts_all_that_match) {
  fill(500);
  const auto page = ask("sort=rssi&limit=3&offset=10&battery_below=30&online=true");
  const auto matches = std::count_if(devices_.begin(), devices_.end(),
                                     [](const Report& device) { return device.battery_level < 30 && device.online; });
  EXPECT_EQ(page["total_devices"].integer(), matches);
  EXPECT_EQ(page["online_devices"].integer(), matches);
  EXPECT_EQ(page["offline_devices"].integer(), 0);
  EXPECT_EQ(page["devices"].size(), 3u);
  EXPECT_FALSE(page.contains("next_cursor"));
  EXPECT_EQ(ask("sort=rssi")["devices"].size(), 100u);
}

TEST_F(SortedSummary, is_empty_behind_the_last_device) {
  EXPECT_THAT(ids_in(ask("sort=rssi")), IsEmpty());
  fill(10);
  EXPECT_EQ(ids_in(ask("sort=rssi")).size(), 10u) << "a first page sorts afresh";
  EXPECT_THAT(ids_in(ask("sort=rssi&offset=10")), IsEmpty());
  EXPECT_EQ(ids_in(ask("sort=rssi&offset=9")).size(), 1u);
}

TEST_F(SortedSummary, has_what_was_just_reported_on_its_first_page) {
  fill(100);
  HttpClient client(service_.port());
  for (const int rssi : {-160, -104, -159, -103}) {
    const Report report{.device_id = "new", .timestamp = "2025-06-09T15:00:00Z", .battery_level = 0, .rssi = rssi};
    ASSERT_EQ(client.post("/status", report.json()).status, 200);
    EXPECT_EQ(ask("sort=rssi&limit=1&fields=device_id,rssi")["devices"][0].dump(),
              R"({"device_id":"new","rssi":)" + std::to_string(rssi) + "}");
  }
}

TEST_F(SortedSummary, has_the_tag_of_its_version) {
  fill(100);
  const auto tag = get("sort=rssi&limit=5&offset=20").header("ETag");
  const auto again = HttpClient(service_.port())
                         .request("GET", "/status/summary?sort=rssi&limit=5&offset=20", {{"If-None-Match", tag}});
  EXPECT_EQ(again.status, 304);
}

TEST_F(SortedSummary, shows_the_members_that_were_chosen) {
  fill(1);
  EXPECT_EQ(ask("fields=online,device_id,muted,outage,was_due,usual_seconds")["devices"][0].dump(),
            R"({"online":false,"device_id":"device-10000","muted":null,"outage":false,"was_due":null,)"
            R"("usual_seconds":null})");
  const auto details = ask("sort=rssi&fields=group,due,problems")["devices"][0];
  EXPECT_THAT(details.keys(), ElementsAre("group", "due", "problems"));
  EXPECT_EQ(details["problems"][0]["kind"].text(), "battery_low");
  const auto all = ask("fields=device_id,battery_level,online,last_update,rssi,last_heard,stale")["devices"][0].dump();
  EXPECT_EQ(all, ask("limit=1")["devices"][0].dump()) << "as without fields";
}

TEST_F(SortedSummary, names_the_faults_of_its_parameters) {
  const auto response = get("sort=name&order=up&offset=-1");
  EXPECT_EQ(response.status, 400);
  for (const auto* parameter : {"sort", "order", "offset"})
    EXPECT_NE(response.body.find(R"("loc":["query",")" + std::string(parameter)), std::string::npos) << response.body;
}

class NamedDevices : public SortedSummary {
 protected:
  HttpResponse query(const std::string& body) { return HttpClient(service_.port()).post("/status/query", body); }
};

TEST_F(NamedDevices, come_in_the_order_asked) {
  fill(50);
  std::string asked, expected;
  for (int i = 49; i >= 0; i -= 7) {
    const auto& device = devices_[static_cast<std::size_t>(i)];
    asked += json_string(device.device_id) + ",";
    expected += R"({"device_id":)" + json_string(device.device_id) + R"(,"rssi":)" + std::to_string(device.rssi) + "},";
  }
  expected.pop_back();
  EXPECT_EQ(query(R"({"device_ids":[)" + asked + R"("nobody"],"fields":["device_id","rssi"]})").body,
            R"({"devices":[)" + expected + R"(],"not_found":["nobody"]})");
  EXPECT_EQ(query(R"({"device_ids":[]})").body, R"({"devices":[],"not_found":[]})");
  EXPECT_EQ(Json(query(R"({"device_ids":[)" + json_string(devices_[0].device_id) + "]}").body)["devices"][0].dump(),
            ask("limit=1&prefix=" + devices_[0].device_id)["devices"][0].dump());
}

TEST_F(NamedDevices, are_at_most_a_thousand) {
  std::string ids = "\"a\"";
  for (int i = 1; i < 1'000; ++i) ids += ",\"a\"";
  const auto response = query(R"({"device_ids":[)" + ids + "]}");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Json(response.body)["not_found"].size(), 1'000u);
  EXPECT_EQ(query(R"({"device_ids":[)" + ids + ",\"b\"]}").status, 400);
  for (const auto* body : {R"({"device_ids":"a"})", R"({"device_ids":[1]})", R"({"device_ids":["a"],"fields":[]})",
                           R"({"device_ids":["a"],"fields":["a"]})", R"({"device_ids":["a"],"more":1})"})
    EXPECT_EQ(query(body).status, 400) << body;
  EXPECT_EQ(query("{}").status, 422);
}

TEST_F(NamedDevices, do_not_hide_a_device_called_query) {
  HttpClient client(service_.port());
  ASSERT_EQ(client.post("/status", Report{.device_id = "query"}.json()).status, 200);
  EXPECT_EQ(Json(client.get("/status/query").body)["device_id"].text(), "query");
}

}  // namespace
}  // namespace ubiety::test
