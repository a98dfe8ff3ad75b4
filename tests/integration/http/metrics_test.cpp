// What operators scrape.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <regex>
#include <set>
#include <sstream>

#include "integration/http/shared_service.hpp"
#include "support/child_process.hpp"
#include "support/metrics.hpp"
#include "support/repository.hpp"
#include "support/sqlite_lock.hpp"
#include "support/temporary_directory.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

// A service of its own, so that it counts what this test does.
class MetricsOfAService : public ::testing::TestWithParam<StoreKind> {
 protected:
  MetricsOfAService() { service_.start(); }

  void post(const Report& report) { EXPECT_EQ(HttpClient(service_.port()).post("/status", report.json()).status, 200); }

  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(MetricsOfAService, count_requests_by_route_method_and_status) {
  HttpClient client(service_.port());
  client.get("/status/never-seen");
  client.get("/status/another?x=1");
  client.request("HEAD", "/health");
  client.request("PATCH", "/status/summary");
  client.get("/nowhere");
  const auto metrics = scrape(service_.port());
  EXPECT_EQ(metrics.at(R"(ubiety_http_requests_total{route="/status/{device_id}",method="GET",status="404"})"), 2);
  EXPECT_EQ(metrics.at(R"(ubiety_http_requests_total{route="/status/summary",method="other",status="405"})"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_http_requests_total{route="other",method="GET",status="404"})"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_http_request_duration_seconds_count{route="/status/{device_id}"})"), 2);
  EXPECT_EQ(metrics.at(R"(ubiety_http_request_duration_seconds_bucket{route="/status/{device_id}",le="+Inf"})"), 2);
  EXPECT_GT(metrics.at(R"(ubiety_http_request_duration_seconds_sum{route="/status/{device_id}"})"), 0);
}

TEST_P(MetricsOfAService, count_updates_by_what_became_of_them) {
  post({.device_id = "a", .timestamp = "2026-11-01T12:00:00Z"});
  post({.device_id = "a", .timestamp = "2026-11-01T12:00:00Z"});
  post({.device_id = "a", .timestamp = "2026-11-01T11:00:00Z"});
  post({.device_id = "b", .timestamp = "2026-11-01T12:00:00Z"});
  const auto metrics = scrape(service_.port());
  EXPECT_EQ(metrics.at(R"(ubiety_updates_total{outcome="stored"})"), 2);
  EXPECT_EQ(metrics.at(R"(ubiety_updates_total{outcome="duplicate"})"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_updates_total{outcome="late"})"), 1);
  EXPECT_EQ(metrics.at("ubiety_committed_updates_total"), 3) << "the duplicate was durable already";
  EXPECT_EQ(metrics.at("ubiety_commit_duration_seconds_count"), 3);
  EXPECT_EQ(metrics.at("ubiety_commit_updates_sum"), 3);
  EXPECT_EQ(metrics.at("ubiety_looked_up_updates_total"), 0);
  EXPECT_EQ(metrics.at("ubiety_tail_updates"), 3);
  EXPECT_GT(metrics.at("ubiety_tail_bytes"), 0);
  EXPECT_EQ(metrics.at("ubiety_update_clock_error_seconds_count"), 4);
  EXPECT_EQ(metrics.at("ubiety_updates_in_flight"), 0);
}

TEST_P(MetricsOfAService, count_the_fleet) {
  post({.device_id = "a", .battery_level = 19, .online = true});
  post({.device_id = "b", .battery_level = 20, .online = false});
  const auto metrics = scrape(service_.port());
  EXPECT_EQ(metrics.at("ubiety_devices"), 2);
  EXPECT_EQ(metrics.at("ubiety_devices_online"), 1);
  EXPECT_EQ(metrics.at("ubiety_devices_low_battery"), 1);
  EXPECT_EQ(metrics.at("ubiety_devices_stale"), 0);
  EXPECT_EQ(metrics.at("ubiety_ready"), 1);
  EXPECT_EQ(metrics.at("ubiety_store_connected"), 1);
}

TEST_P(MetricsOfAService, show_which_devices_have_problems) {
  post({.device_id = "a", .battery_level = 19, .rssi = -95});
  post({.device_id = R"(b "\)", .rssi = -95});
  post({.device_id = "c"});
  const auto metrics = scrape(service_.port());
  EXPECT_EQ(metrics.at(R"(ubiety_devices_with_problem{problem="battery_low"})"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_devices_with_problem{problem="weak_signal"})"), 2);
  EXPECT_EQ(metrics.at(R"(ubiety_devices_with_problem{problem="silent"})"), 0);
  EXPECT_EQ(metrics.at(R"(ubiety_device_problem{device_id="a",group="",problem="battery_low"})"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_device_problem{device_id="a",group="",problem="weak_signal"})"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_device_problem{device_id="b \"\\",group="",problem="weak_signal"})"), 1);
  EXPECT_EQ(metrics.at("ubiety_device_problems_left_out"), 0);
}

TEST_P(MetricsOfAService, tell_of_the_process) {
  const auto metrics = scrape(service_.port());
  EXPECT_GT(metrics.at("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GT(metrics.at("process_threads"), 2);
  EXPECT_GT(metrics.at("process_open_fds"), 3);
  EXPECT_GE(metrics.at("process_max_fds"), metrics.at("process_open_fds"));
  EXPECT_LT(std::abs(metrics.at("process_start_time_seconds") - static_cast<double>(std::time(nullptr))), 300);
}

TEST_P(MetricsOfAService, count_connections_and_what_the_gate_refuses) {
  HttpClient open(service_.port());
  open.get("/health");
  const auto before = scrape(service_.port());
  EXPECT_EQ(before.at(R"(ubiety_http_refused_requests_total{reason="missing-host"})"), 0);
  HttpClient faulty(service_.port());
  faulty.send_raw("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(faulty.read_response().status, 400);
  const auto after = scrape(service_.port());
  EXPECT_EQ(after.at(R"(ubiety_http_refused_requests_total{reason="missing-host"})"), 1);
  EXPECT_EQ(after.at("ubiety_http_connections_accepted_total"),
            before.at("ubiety_http_connections_accepted_total") + 2);
  EXPECT_GE(after.at("ubiety_http_connections"), 2);
  EXPECT_GT(after.at("ubiety_http_connections_limit"), after.at("ubiety_http_connections"));
}

TEST_P(MetricsOfAService, count_connections_to_the_store) {
  post({.device_id = "a"});
  const auto metrics = scrape(service_.port());
  EXPECT_GE(metrics.at(R"(ubiety_store_sessions_total{outcome="opened"})"), 2);
  EXPECT_EQ(metrics.at(R"(ubiety_store_sessions_total{outcome="failed"})"), 0);
}

TEST_P(MetricsOfAService, are_prometheus_text_whatever_is_accepted) {
  HttpClient client(service_.port());
  const auto answer = client.request("GET", "/metrics", {{"Accept", "application/openmetrics-text"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
}

UBIETY_WITH_EACH_STORE(MetricsOfAService);

std::vector<std::string> series_of(const std::map<std::string, double>& metrics, const std::string& family) {
  std::vector<std::string> series;
  for (const auto& [name, value] : metrics)
    if (name.starts_with(family + "{")) series.push_back(name.substr(family.size()));
  return series;
}

TEST(Metrics, have_so_many_problem_series_the_worst_first) {
  ServiceProcess service(Environment{{"PROBLEM_SERIES", "3"}, {"GROUP_BY", "prefix:-"}});
  service.start();
  HttpClient client(service.port());
  const auto post = [&](const Report& report) { EXPECT_EQ(client.post("/status", report.json()).status, 200); };
  post({.device_id = "gw1-weak", .rssi = -95});
  post({.device_id = "gw1-low", .battery_level = 19});
  post({.device_id = "gw2-both", .battery_level = 19, .rssi = -95});
  const auto metrics = scrape(service.port());
  EXPECT_EQ(series_of(metrics, "ubiety_device_problem"),
            (std::vector<std::string>{R"({device_id="gw1-low",group="gw1",problem="battery_low"})",
                                      R"({device_id="gw2-both",group="gw2",problem="battery_low"})",
                                      R"({device_id="gw2-both",group="gw2",problem="weak_signal"})"}));
  EXPECT_EQ(metrics.at("ubiety_device_problems_left_out"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_group_devices{group="gw1",state="heard"})"), 2);
  EXPECT_EQ(metrics.at(R"(ubiety_group_devices{group="gw2",state="silent"})"), 0);
  EXPECT_EQ(metrics.at("ubiety_groups_left_out"), 0);
}

TEST(Metrics, have_the_largest_groups) {
  constexpr int groups = 203;
  ServiceProcess service(Environment{{"GROUP_BY", "prefix:-"}});
  service.start();
  std::string batch;
  for (int group = 0; group < groups; ++group)
    for (int device = 0; device < (group < 3 ? 1 : 2); ++device)
      batch += Report{.device_id = "gw" + std::to_string(group) + "-" + std::to_string(device)}.json() + "\n";
  HttpClient client(service.port());
  EXPECT_EQ(client.request("POST", "/status/batch", {{"Content-Type", "application/x-ndjson"}}, batch).status, 200);
  const auto metrics = scrape(service.port());
  EXPECT_EQ(series_of(metrics, "ubiety_group_devices").size(), 400u);
  EXPECT_FALSE(metrics.contains(R"(ubiety_group_devices{group="gw0",state="heard"})"));
  EXPECT_TRUE(metrics.contains(R"(ubiety_group_devices{group="gw202",state="heard"})"));
  EXPECT_EQ(metrics.at("ubiety_groups_left_out"), 3);
}

TEST(Metrics, tell_how_long_the_oldest_update_waits) {
  ServiceProcess service;
  service.start();
  EXPECT_EQ(scrape(service.port()).at("ubiety_queue_age_seconds"), 0);
  SqliteLock lock(service.folder() / "data/ubiety.db");
  HttpClient client(service.port());
  const Report report{.device_id = "a"};
  client.send_raw(format_request("a", "POST", "/status", {{"Content-Type", "application/json"}}, report.json()));
  EXPECT_TRUE(wait_until([&] { return scrape(service.port()).at("ubiety_queue_age_seconds") > 0.3; }, 4s));
  lock.release();
  EXPECT_EQ(client.read_response().status, 200);
  EXPECT_EQ(scrape(service.port()).at("ubiety_queue_age_seconds"), 0);
}

TEST(Metrics, are_what_promtool_likes) {
  const TemporaryDirectory folder;
  std::ofstream(folder.path() / "page") << HttpClient(shared_service().port()).get("/metrics").body;
  const auto checked =
      run({{"/bin/sh", "-c", "promtool check metrics < page"}, basic_environment(), folder.path(), {}, {}, {}});
  EXPECT_TRUE(checked.status.is_success()) << checked.error;
  EXPECT_EQ(checked.error + checked.output, "");
}

// That no request makes a label of its own is tested in src/http/metrics/counters_test.cpp. Here: not on the way
// to it either.
TEST(Metrics, have_no_more_series_after_random_requests) {
  ServiceProcess service;
  service.start();
  HttpClient client(service.port());
  std::mt19937 random(42);
  const auto pick = [&random](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  const std::vector<std::string> methods{"GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"};
  const std::vector<std::string> prefixes{"/", "/status/", "/status/summary/", "/health/", "/metrics/"};
  const auto ask = [&](int count) {
    for (int i = 0; i < count; ++i) {
      const auto method = pick(methods);
      client.send_raw(format_request("a", method, pick(prefixes) + std::to_string(random())));
      client.read_response(method == "HEAD");
    }
  };
  // Each combination of route, method and status has its series the first time that it is seen.
  ask(1000);
  scrape(service.port());
  const auto before = scrape(service.port());
  ask(2000);
  const auto after = scrape(service.port());
  std::vector<std::string> added;
  for (const auto& [series, value] : after)
    if (!before.contains(series)) added.push_back(series);
  EXPECT_EQ(added, std::vector<std::string>{});
}

// The families of a page of text, as its TYPE lines or its table have them.
std::set<std::string> families_in(const std::string& text, const std::string& before) {
  std::set<std::string> families;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(before))
      families.insert(line.substr(before.size(), line.find_first_of(" `", before.size()) - before.size()));
  return families;
}

TEST(Metrics, are_those_of_the_documentation) {
  const auto page = HttpClient(shared_service().port()).get("/metrics").body;
  EXPECT_EQ(families_in(page, "# TYPE "), families_in(read_file(repository() / "docs/METRICS.md"), "| `"));
}

TEST(Metrics, have_all_that_the_alerts_ask_for) {
  const auto known = families_in(HttpClient(shared_service().port()).get("/metrics").body, "# TYPE ");
  const auto rules = read_file(repository() / "deploy/prometheus/alerts.yml");
  const std::regex name("ubiety_[a-z_]+|process_[a-z_]+");
  int count = 0;
  for (std::sregex_iterator found(rules.begin(), rules.end(), name), end; found != end; ++found, ++count) {
    auto family = found->str();
    if (family.ends_with("_bucket")) family.resize(family.size() - std::string_view("_bucket").size());
    EXPECT_TRUE(known.contains(family)) << family;
  }
  EXPECT_GT(count, 10);
}

TEST(Metrics, are_served_before_the_database_is_there) {
  ServiceProcess service(Environment{{"DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"}});
  service.start_unready();
  const auto metrics = scrape(service.port());
  EXPECT_EQ(metrics.at("ubiety_ready"), 0);
  EXPECT_EQ(metrics.at("ubiety_store_connected"), 0);
  EXPECT_FALSE(metrics.contains("ubiety_devices")) << "nobody knows";
}

TEST(Metrics, are_not_limited) {
  ServiceProcess service(Environment{{"RATE_LIMIT_REQUESTS", "1"}});
  service.start();
  for (int i = 0; i < 5; ++i) EXPECT_NO_THROW(scrape(service.port()));
}

}  // namespace
}  // namespace ubiety::test
