// GET /fleet/stream: what clients know by it is what a summary shows.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include "integration/http/keys/keyed_service.hpp"
#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/event_stream.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using Devices = std::map<std::string, std::string>;

struct Snapshot {
  std::string position;
  Devices devices;
};

Snapshot snapshot_of(int port, const std::string& query = {}) {
  const auto response = HttpClient(port).get("/status/summary" + query);
  EXPECT_EQ(response.status, 200) << response.body;
  Snapshot snapshot{response.header("X-Ubiety-Position"), {}};
  for (const auto& device : Json(response.body)["devices"].elements())
    snapshot.devices[device["device_id"].text()] = device.dump();
  return snapshot;
}

void accept(HttpClient& client, const Report& report) { EXPECT_EQ(client.post("/status", report.json()).status, 200); }

// Each test has a service, and so a fleet, of its own.
class Stream : public ::testing::TestWithParam<StoreKind> {
 protected:
  explicit Stream(const Environment& settings = {}) : service_(with_new_database(GetParam())) {
    for (const auto& [name, value] : settings) service_.settings()[name] = value;
    service_.start();
  }

  int port() const { return service_.port(); }
  void report(const Report& report) {
    HttpClient client(port());
    accept(client, report);
  }
  // The stream knows this device in this state.
  static auto knows(const EventStream& stream, const std::string& device, std::int64_t battery_level) {
    return [&stream, device, battery_level] {
      const auto found = stream.devices.find(device);
      return found != stream.devices.end() && Json(found->second)["battery_level"].integer() == battery_level;
    };
  }
  // Reads until the stream has all that a summary has now, and compares both. The client wants what is reported here,
  // so that a piece comes that ends at the summary's position.
  void expect_equal_to_summary(EventStream& stream, const std::string& query = {}) {
    report({.device_id = "last", .timestamp = second(++last_), .battery_level = 0, .online = false});
    const auto summary = snapshot_of(port(), query);
    ASSERT_TRUE(stream.read_through(summary.position));
    EXPECT_EQ(stream.devices, summary.devices);
  }
  static std::string second(int number) {
    return utc_text(std::chrono::sys_days{std::chrono::year{2025} / 6 / 9} + std::chrono::seconds{number});
  }

  ServiceProcess service_;
  int last_ = 0;
};
UBIETY_WITH_EACH_STORE(Stream);

TEST_P(Stream, is_of_server_sent_events_that_no_cache_keeps) {
  const EventStream stream(port(), "");
  EXPECT_EQ(stream.head().status, 200);
  EXPECT_EQ(stream.head().header("Content-Type"), "text/event-stream");
  EXPECT_EQ(stream.head().header("Cache-Control"), "no-store");
  EXPECT_EQ(stream.head().header("X-Accel-Buffering"), "no");
  const auto head = HttpClient(port()).request("HEAD", "/fleet/stream");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Type"), "text/event-stream");
}

TEST_P(Stream, begins_now) {
  report({.device_id = "before"});
  EventStream stream(port(), "?events=status");
  EXPECT_EQ(stream.next().name, "current");
  EXPECT_EQ(stream.devices, Devices{});
  report({.device_id = "after"});
  EXPECT_EQ(stream.next().name, "status");
  Devices after = snapshot_of(port()).devices;
  after.erase("before");
  EXPECT_EQ(stream.devices, after);
}

TEST_P(Stream, goes_on_where_a_summary_ends) {
  report({.device_id = "a", .battery_level = 50});
  const auto snapshot = snapshot_of(port());
  report({.device_id = "b", .battery_level = 60});
  report({.device_id = "a", .timestamp = "2025-06-09T14:00:01Z", .battery_level = 40});
  EventStream stream(port(), "?after=" + snapshot.position);
  stream.devices = snapshot.devices;
  EXPECT_EQ(stream.next("current").name, "current");
  EXPECT_EQ(stream.devices, snapshot_of(port()).devices);
  EXPECT_EQ(stream.resets(), 0);
}

TEST_P(Stream, goes_on_after_the_last_id) {
  std::string id;
  Devices devices;
  for (int round = 0; round < 5; ++round) {
    EventStream stream(port(), "?after=nonsense", id.empty() ? Headers() : Headers{{"Last-Event-ID", id}});
    stream.devices = devices;
    EXPECT_EQ(stream.next("current").name, "current");
    EXPECT_EQ(stream.resets(), round == 0 ? 1 : 0);
    report({.device_id = "device-" + std::to_string(round)});
    ASSERT_TRUE(stream.read_until(knows(stream, "device-" + std::to_string(round), 76)));
    id = stream.last_id();
    devices = stream.devices;
    report({.device_id = "meanwhile-" + std::to_string(round)});
  }
  EXPECT_EQ(devices.size(), 9u);
}

TEST_P(Stream, begins_again_after_a_restart) {
  report({.device_id = "a"});
  report({.device_id = "b"});
  const auto snapshot = snapshot_of(port());
  service_.kill_hard();
  service_.start();
  EventStream stream(port(), "", {{"Last-Event-ID", snapshot.position}});
  EXPECT_EQ(stream.next().name, "reset");
  EXPECT_EQ(stream.next("current").name, "current");
  EXPECT_EQ(stream.devices, snapshot_of(port()).devices);
}

TEST_P(Stream, of_a_filter_names_who_left_it) {
  report({.device_id = "flat", .battery_level = 10});
  report({.device_id = "full", .battery_level = 90});
  const auto snapshot = snapshot_of(port(), "?battery_below=20");
  EventStream stream(port(), "?battery_below=20&after=" + snapshot.position);
  stream.devices = snapshot.devices;
  report({.device_id = "flat", .timestamp = second(86'400), .battery_level = 80});
  const auto left = stream.next("left");
  EXPECT_EQ(left.data, R"({"device_id":"flat"})");
  report({.device_id = "full", .timestamp = second(86'400), .battery_level = 15});
  expect_equal_to_summary(stream, "?battery_below=20");
}

TEST_P(Stream, shows_only_a_prefix) {
  EventStream stream(port(), "?events=status&prefix=a%2F");
  EXPECT_EQ(stream.next().name, "current");
  report({.device_id = "b/1"});
  report({.device_id = "a/1"});
  EXPECT_EQ(Json(stream.next().data)["device_id"].text(), "a/1");
}

// Reports, many a second, while clients come and go: each knows in the end what a summary shows.
TEST_P(Stream, is_equal_to_a_summary_whenever_a_client_connects) {
  std::atomic<bool> is_over{false};
  std::thread reporter([&] {
    HttpClient client(port());
    std::minstd_rand random(1);
    for (int i = 0; !is_over; ++i)
      accept(client, {.device_id = "device-" + std::to_string(random() % 500),
                      .timestamp = second(i),
                      .battery_level = static_cast<int>(random() % 101),
                      .online = random() % 2 == 0});
  });
  for (const auto* filter : {"", "online=false"}) {
    const auto query = *filter == '\0' ? std::string() : "?" + std::string(filter);
    auto [position, devices] = snapshot_of(port(), query);
    for (int connection = 0; connection < 50; ++connection) {
      EventStream stream(port(), query, {{"Last-Event-ID", position}});
      stream.devices = devices;
      for (int event = 0; event < connection; ++event) EXPECT_FALSE(stream.next().name.empty());
      if (!stream.last_id().empty()) position = stream.last_id();
      devices = stream.devices;
    }
    EventStream stream(port(), query, {{"Last-Event-ID", position}});
    stream.devices = devices;
    if (*filter != '\0') is_over = true;
    if (is_over && reporter.joinable()) reporter.join();
    if (is_over) expect_equal_to_summary(stream, query);
  }
}

TEST_P(Stream, has_what_happens_in_the_fleet) {
  EventStream stream(port(), "");
  EXPECT_EQ(Json(stream.next("overview").data)["devices"].integer(), 0);
  report({.device_id = "flat", .battery_level = 3});
  std::set<std::string> problems;
  while (!problems.contains("battery_low")) {
    const Json problem(stream.next("problem").data);
    EXPECT_EQ(problem["device_id"].text(), "flat");
    EXPECT_EQ(problem["state"].text(), "began");
    problems.insert(problem["problem"]["kind"].text());
  }
  while (Json(stream.next("overview").data)["devices"].integer() != 1) {
  }
}

TEST_P(Stream, has_what_an_operator_does) {
  report({.device_id = "goes"});
  EventStream stream(port(), "?events=outage,action");
  EXPECT_EQ(stream.next().name, "current");
  HttpClient client(port());
  const Headers json{{"Content-Type", "application/json"}};
  EXPECT_EQ(client.request("PUT", "/fleet/mutes/prefix/g", json, R"({"until":"2099-01-01T00:00:00Z"})").status, 200);
  EXPECT_EQ(client.request("DELETE", "/status/goes").status, 204);
  for (const auto* kind : {"muted", "removed"}) {
    const auto event = stream.next();
    EXPECT_EQ(event.name, "action");
    EXPECT_EQ(Json(event.data)["kind"].text(), kind);
  }
}

TEST_P(Stream, names_removed_devices_and_shows_those_that_report_again) {
  for (const auto* device_id : {"goes", "stays", "returns"}) report({.device_id = device_id});
  const auto snapshot = snapshot_of(port());
  EventStream stream(port(), "?events=status&after=" + snapshot.position);
  stream.devices = snapshot.devices;
  for (const auto* device_id : {"goes", "returns"})
    EXPECT_EQ(HttpClient(port()).request("DELETE", "/status/" + std::string(device_id)).status, 204);
  report({.device_id = "returns", .timestamp = utc_text(std::chrono::system_clock::now())});
  expect_equal_to_summary(stream);
  EXPECT_EQ(stream.devices.size(), 3u) << "and the last";
}

// More than the system holds for a client.
TEST_P(Stream, of_a_client_that_did_not_read_has_the_latest_of_each_device) {
  constexpr int devices = 2'000, rounds = 60;
  EventStream stream(port(), "?events=status");
  HttpClient client(port());
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::string> reports;
    for (int device = 0; device < devices; ++device)
      reports.push_back(Report{
          .device_id = "device-" + std::to_string(device), .timestamp = second(round), .battery_level = round % 101}
                            .json());
    ASSERT_EQ(post_batch(client, ndjson_of(reports)).status, 200);
  }
  last_ = rounds;
  report({.device_id = "last", .timestamp = second(++last_)});
  const auto summary = snapshot_of(port());
  EXPECT_TRUE(stream.read_through(summary.position));
  EXPECT_EQ(stream.devices, summary.devices);
  EXPECT_LT(stream.events(), rounds * devices) << "it did not get each report";
}

TEST_P(Stream, is_in_the_histogram_until_its_beginning_only) {
  const auto sent = std::chrono::steady_clock::now();
  std::chrono::duration<double> until_first_event;
  {
    EventStream stream(port(), "?events=status");
    EXPECT_EQ(stream.next().name, "current");
    const auto began = std::chrono::steady_clock::now();
    until_first_event = began - sent;
    while (std::chrono::steady_clock::now() - began < 2 * until_first_event) {
      report({.device_id = "last", .timestamp = second(++last_)});
      stream.next("status");
    }
  }
  const std::string metric = "ubiety_http_request_duration_seconds", of_streams = R"({route="/fleet/stream"})";
  EXPECT_TRUE(wait_until([&] { return scrape(port()).at(metric + "_count" + of_streams) == 1; }, 10s));
  EXPECT_LE(scrape(port()).at(metric + "_sum" + of_streams), until_first_event.count());
}

TEST_P(Stream, ends_when_the_service_stops) {
  EventStream stream(port(), "");
  EXPECT_EQ(stream.next("current").name, "current");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(service_.terminate(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - began, time_limit(3s)) << "SHUTDOWN_TIMEOUT is 10 s";
  EXPECT_EQ(stream.next().name, "") << "the answer is complete";
}

TEST_P(Stream, refuses_what_it_does_not_understand) {
  HttpClient client(port());
  for (const auto* query : {"?events=all", "?online=maybe", "?battery_below=102"})
    EXPECT_EQ(client.get("/fleet/stream" + std::string(query)).status, 400) << query;
}

class FewStreams : public Stream {
 protected:
  FewStreams() : Stream({{"MAX_STREAMS", "2"}, {"REQUEST_TIMEOUT", "1"}}) {}
};
UBIETY_WITH_EACH_STORE(FewStreams);

TEST_P(FewStreams, have_room_again_when_a_client_goes) {
  const auto first = std::make_unique<EventStream>(port(), "");
  auto second = std::make_unique<EventStream>(port(), "");
  const auto refused = HttpClient(port()).get("/fleet/stream");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, R"-({"detail":"too many streams are open (MAX_STREAMS)"})-");
  second.reset();
  EXPECT_TRUE(wait_until([this] { return EventStream(port(), "").head().status == 200; }, 10s));
}

TEST_P(FewStreams, stay_open_without_events_beyond_every_time_out) {
  EventStream stream(port(), "?events=status");
  EXPECT_EQ(stream.next().name, "current");
  std::thread reporter([this] {
    wait_until_moment(std::chrono::steady_clock::now() + 8s);  // RESTinio ends an answer that pauses for 6 s
    report({.device_id = "late"});
  });
  EXPECT_EQ(stream.next().name, "status");
  reporter.join();
  EXPECT_GE(stream.heartbeats(), 1);
}

TEST(StreamWithKeys, ends_when_its_key_is_revoked) {
  KeyedService keyed(StoreKind::sqlite);
  const auto reader = keyed.create("read"), ingest = keyed.create("ingest"), admin = keyed.create("admin");
  keyed.start();
  const auto port = keyed.process().port();
  EXPECT_EQ(keyed.get("/fleet/stream").status, 401);
  EXPECT_EQ(keyed.get("/fleet/stream", ingest.text).status, 403);
  EventStream stream(port, "", {{"X-API-Key", reader.text}});
  EventStream of_admin(port, "", {{"X-API-Key", admin.text}});
  EXPECT_EQ(stream.head().status, 200);
  EXPECT_EQ(stream.head().count("Cache-Control"), 1u);
  EXPECT_EQ(stream.next("current").name, "current");
  EXPECT_EQ(keyed.request("DELETE", "/admin/keys/" + std::to_string(reader.id), admin.text).status, 204);
  EXPECT_FALSE(stream.read_until([] { return false; })) << "it ends";
  EXPECT_EQ(of_admin.next("current").name, "current");
}

}  // namespace
}  // namespace ubiety::test
