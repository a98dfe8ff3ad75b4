#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "integration/http/shared_service.hpp"
#include "support/gunzip.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

// Each test looks at a whole fleet, so each has a service of its own.
class Summary : public ::testing::TestWithParam<StoreKind> {
 protected:
  Summary() : service_(with_new_database(GetParam())) { service_.start(); }

  void send(const std::vector<Report>& reports) {
    HttpClient client(service_.port());
    for (std::size_t at = 0; at < reports.size();) {
      const auto end = std::min(at + 500, reports.size());
      std::string together;
      for (auto i = at; i < end; ++i) together += format_request("a", "POST", "/status", {}, reports[i].json());
      client.send_raw(together);
      for (; at < end; ++at) EXPECT_EQ(client.read_response().status, 200);
    }
  }

  HttpResponse ask(std::string_view method = "GET") {
    return HttpClient(service_.port()).request(method, "/status/summary");
  }

  HttpResponse ask_with(const std::string& query, const Headers& fields = {}) {
    return HttpClient(service_.port()).request("GET", "/status/summary" + query, fields);
  }

  static std::vector<std::string> sorted_devices(const Json& summary) {
    std::vector<std::string> devices;
    for (const auto& device : summary["devices"].elements()) devices.push_back(without_last_heard(device.dump()));
    std::sort(devices.begin(), devices.end());
    return devices;
  }

  static std::string entry(const Report& report) {
    return "{\"device_id\":" + json_string(report.device_id) +
           ",\"battery_level\":" + std::to_string(report.battery_level) +
           ",\"online\":" + (report.online ? "true" : "false") + ",\"last_update\":\"" + report.timestamp +
           "\",\"rssi\":" + std::to_string(report.rssi) + ",\"stale\":false}";
  }

  ServiceProcess service_;
};

TEST_P(Summary, may_have_no_device) {
  const auto response = ask();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.body, R"({"devices":[],"total_devices":0,"online_devices":0,"offline_devices":0})");
}

TEST_P(Summary, has_the_latest_of_every_device) {
  const Report a{.device_id = "sensor-abc-123", .battery_level = 76};
  const Report b{.device_id = "sensor \"x\\y\" \xC3\xA9",
                 .timestamp = "2025-06-09T13:30:00.25Z",
                 .battery_level = 45,
                 .online = false};
  send({{.device_id = a.device_id, .timestamp = "2025-06-09T12:00:00Z", .battery_level = 80, .online = false}, b, a});
  // A late report changes nothing.
  send({{.device_id = b.device_id, .timestamp = "2025-06-09T13:00:00Z", .battery_level = 99, .online = true}});
  const auto response = ask();
  const Json summary(response.body);
  EXPECT_EQ(summary.keys(),
            (std::vector<std::string>{"devices", "total_devices", "online_devices", "offline_devices"}));
  std::vector<std::string> expected{entry(a), entry(b)};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(sorted_devices(summary), expected);
  EXPECT_EQ(summary["total_devices"].integer(), 2);
  EXPECT_EQ(summary["online_devices"].integer(), 1);
  EXPECT_EQ(summary["offline_devices"].integer(), 1);

  send({{.device_id = a.device_id, .timestamp = "2025-06-09T15:00:00Z", .online = false}});
  EXPECT_EQ(Json(ask().body)["online_devices"].integer(), 0);
  EXPECT_EQ(Json(ask().body)["offline_devices"].integer(), 2);
}

TEST_P(Summary, is_the_same_of_a_large_fleet_after_a_restart) {
  std::vector<Report> fleet;
  for (int i = 0; i < 3000; ++i)
    fleet.push_back({.device_id = "device-" + std::to_string(i), .battery_level = i % 101, .online = i % 3 == 0});
  send(fleet);
  std::vector<std::string> expected;
  for (const auto& report : fleet) expected.push_back(entry(report));
  std::sort(expected.begin(), expected.end());
  for (int start = 0; start < 2; ++start) {
    const Json summary(ask().body);
    EXPECT_EQ(sorted_devices(summary), expected);
    EXPECT_EQ(summary["total_devices"].integer(), 3000);
    EXPECT_EQ(summary["online_devices"].integer(), 1000);
    EXPECT_EQ(summary["offline_devices"].integer(), 2000);
    if (start == 0) service_.restart();
  }
}

TEST_P(Summary, head_is_as_get_without_the_body) {
  send({{.device_id = "a"}, {.device_id = "b"}});
  const auto get = ask();
  const auto head = ask("HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Type"), "application/json");
  EXPECT_EQ(head.header("Content-Length"), std::to_string(get.body.size()));
}

TEST_P(Summary, has_every_device_once_on_its_pages) {
  std::vector<Report> fleet;
  for (int i = 0; i < 250; ++i) fleet.push_back({.device_id = "device " + std::to_string(i), .online = i % 5 == 0});
  send(fleet);
  std::vector<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 4; ++page) {
    const Json summary(ask_with("?limit=70" + cursor).body);
    for (const auto& device : summary["devices"].elements()) seen.push_back(without_last_heard(device.dump()));
    EXPECT_EQ(summary["total_devices"].integer(), 250);
    EXPECT_EQ(summary["online_devices"].integer(), 50);
    const auto keys = summary.keys();
    EXPECT_EQ(std::count(keys.begin(), keys.end(), "next_cursor"), page < 3 ? 1 : 0);
    if (page < 3) cursor = "&cursor=" + summary["next_cursor"].text();
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen, sorted_devices(Json(ask().body)));
}

TEST_P(Summary, has_those_that_match) {
  send({{.device_id = "a-1", .battery_level = 10, .online = true},
        {.device_id = "a-2", .battery_level = 90, .online = false},
        {.device_id = "b-1", .battery_level = 15, .online = true}});
  EXPECT_EQ(without_last_heard(ask_with("?prefix=a-&online=true").body),
            "{\"devices\":[" + entry({.device_id = "a-1", .battery_level = 10}) +
                R"(],"total_devices":1,"online_devices":1,"offline_devices":0})");
  EXPECT_EQ(Json(ask_with("?battery_below=20").body)["total_devices"].integer(), 2);
  EXPECT_EQ(Json(ask_with("?stale=false").body)["total_devices"].integer(), 3) << "they reported a moment ago";
  EXPECT_EQ(ask_with("?stale=true").body, R"({"devices":[],"total_devices":0,"online_devices":0,"offline_devices":0})");
  EXPECT_EQ(Json(ask_with("?prefix=none&limit=1").body)["total_devices"].integer(), 0);
}

TEST_P(Summary, names_faulty_parameters) {
  for (const auto* query : {"?limit=0", "?limit=100001", "?limit=ten", "?cursor=x", "?online=maybe", "?battery_below=x",
                            "?stale=2", "?limit=1&limit=2"}) {
    const auto response = ask_with(query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_THAT(response.body, ::testing::HasSubstr(R"("loc":["query",")")) << query;
  }
}

TEST_P(Summary, is_not_modified_until_something_changes) {
  send({{.device_id = "a"}, {.device_id = "b"}});
  const auto first = ask();
  const auto tag = first.header("ETag");
  EXPECT_EQ(first.header("Vary"), "Accept-Encoding");
  const auto second = ask_with("", {{"If-None-Match", tag}});
  EXPECT_EQ(second.status, 304);
  EXPECT_EQ(second.header("ETag"), tag);
  EXPECT_EQ(second.body, "");
  EXPECT_EQ(ask_with("", {{"If-None-Match", "\"other\", W/" + tag}}).status, 304);
  EXPECT_EQ(ask_with("", {{"If-None-Match", "\"other\""}}).status, 200);
  send({{.device_id = "b", .timestamp = "2025-06-09T15:00:00Z", .battery_level = 5}});
  const auto changed = ask_with("", {{"If-None-Match", tag}});
  EXPECT_EQ(changed.status, 200);
  EXPECT_NE(changed.header("ETag"), tag);
  service_.restart();
  EXPECT_EQ(ask_with("", {{"If-None-Match", changed.header("ETag")}}).status, 200)
      << "another process may have its devices in another order";
}

TEST_P(Summary, is_the_same_with_gzip) {
  std::vector<Report> fleet;
  for (int i = 0; i < 1000; ++i)
    fleet.push_back({.device_id = "device-" + std::to_string(i), .battery_level = i % 101});
  for (const auto& reports : {std::vector<Report>{}, std::vector<Report>{{.device_id = "a"}}, fleet}) {
    send(reports);
    const auto plain = ask();
    const auto zipped = ask_with("", {{"Accept-Encoding", "gzip, br"}});
    EXPECT_EQ(zipped.status, 200);
    EXPECT_EQ(zipped.header("Content-Encoding"), "gzip");
    EXPECT_EQ(zipped.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(gunzip(zipped.body), plain.body);
    EXPECT_NE(zipped.header("ETag"), plain.header("ETag")) << "a strong tag is of one coding";
  }
  EXPECT_LT(ask_with("", {{"Accept-Encoding", "gzip"}}).body.size() * 5, ask().body.size());
  EXPECT_EQ(ask_with("", {{"Accept-Encoding", "gzip;q=0"}}).header("Content-Encoding"), "");
}

UBIETY_WITH_EACH_STORE(Summary);

}  // namespace
}  // namespace ubiety::test
