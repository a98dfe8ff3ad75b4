// RELIABILITY.md, row 23: clients follow a stream under load, and connect again and again, also after kill -9. Each has
// in the end what a summary shows, and what the store has by its own SQL.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>

#include "faults/figures.hpp"
#include "support/event_stream.hpp"
#include "support/json.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/store_kind.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

// What a stream, a summary and the store say of a device, as text.
using Statuses = std::set<std::string>;

// `timestamp` ends with microseconds, with fewer digits of them, or with none.
std::string status_text(const std::string& device_id, std::string timestamp, std::int64_t battery_level,
                        std::int64_t rssi, bool online) {
  if (timestamp.ends_with('Z')) timestamp.pop_back();
  if (timestamp.find('.') != std::string::npos) {
    timestamp.erase(timestamp.find_last_not_of('0') + 1);
    if (timestamp.ends_with('.')) timestamp.pop_back();
  }
  return device_id + " " + timestamp + " " + std::to_string(battery_level) + " " + std::to_string(rssi) +
         (online ? " online" : " offline");
}

std::string status_text(const Json& device) {
  return status_text(device["device_id"].text(), device["last_update"].text(), device["battery_level"].integer(),
                     device["rssi"].integer(), device["online"].boolean());
}

// A client that keeps what it knows over its connections.
class Follower {
 public:
  Follower(std::string filter, int port) : filter_(std::move(filter)) {
    const auto response = HttpClient(port).get("/status/summary" + filter_);
    for (const auto& device : Json(response.body)["devices"].elements())
      devices_[device["device_id"].text()] = device.dump();
    position_ = response.header("X-Ubiety-Position");
    connect(port);
  }

  void connect(int port) {
    disconnect();
    stream_.emplace(port, filter_, Headers{{"Last-Event-ID", position_}});
    stream_->devices = devices_;
  }
  void disconnect() {
    if (!stream_) return;
    if (!stream_->last_id().empty()) position_ = stream_->last_id();
    devices_ = stream_->devices;
    events_ += stream_->events();
    resets_ += stream_->resets();
    stream_.reset();
  }
  void read(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    stream_->read_until([&] { return std::chrono::steady_clock::now() >= end; });
  }
  // Reads until the stream has shown all that a summary shows. Nobody reports.
  bool read_through(int port) {
    return stream_->read_through(HttpClient(port).get("/status/summary").header("X-Ubiety-Position"));
  }

  Statuses known() const {
    Statuses known;
    for (const auto& [device_id, json] : stream_->devices) known.insert(status_text(Json(json)));
    return known;
  }
  Statuses summary(int port) const {
    Statuses shown;
    for (const auto& device : Json(HttpClient(port).get("/status/summary" + filter_).body)["devices"].elements())
      shown.insert(status_text(device));
    return shown;
  }
  const std::string& filter() const { return filter_; }
  int events() const { return events_ + (stream_ ? stream_->events() : 0); }
  int resets() const { return resets_ + (stream_ ? stream_->resets() : 0); }

 private:
  const std::string filter_;
  std::string position_;
  std::map<std::string, std::string> devices_;  // JSON, by the device's id
  std::optional<EventStream> stream_;
  int events_ = 0, resets_ = 0;
};

class FollowedStream : public ::testing::TestWithParam<StoreKind> {
 protected:
  FollowedStream() : service_(with_new_database(GetParam())) {
    service_.settings()["TAIL_MEMORY"] = "0";  // what is committed is merged at once
    service_.start();
    for (const auto* filter : {"", "?rssi_below=-70", "?battery_below=20"})
      followers_.emplace_back(filter, service_.port());
  }

  RecordedLoad load() {
    return {service_.port(),
            "device",
            static_cast<std::uint32_t>(random_()),
            {.clients = 4, .devices = 100, .requests_between_reads = 0}};
  }
  int below(int limit) { return std::uniform_int_distribution<>(0, limit - 1)(random_); }

  // Compares all clients, once nobody reports any more.
  void compare();
  // What the store has of the devices with this filter.
  Statuses stored(const std::string& filter);

  void note(Figures& figures) const {
    int events = 0, resets = 0;
    for (const auto& follower : followers_) {
      events += follower.events();
      resets += follower.resets();
    }
    figures.exactly("unequal", unequal_, 0);
    figures.note("comparisons", compared_);
    figures.note("events", events);
    figures.note("resets", resets);
  }

  ServiceProcess service_;
  std::vector<Follower> followers_;
  std::mt19937 random_{new_seed()};
  int compared_ = 0, unequal_ = 0;
};

Statuses FollowedStream::stored(const std::string& filter) {
  const bool is_sqlite = GetParam() == StoreKind::sqlite;
  const std::string time = is_sqlite ? "strftime('%Y-%m-%dT%H:%M:%S', timestamp / 1000000, 'unixepoch') || "
                                       "printf('.%06d', timestamp % 1000000)"
                                     : R"(to_char(timestamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))";
  const std::string list = is_sqlite ? "group_concat(row, char(10))" : "string_agg(row, chr(10))";
  const auto where = filter.empty()                ? ""
                     : filter == "?rssi_below=-70" ? " WHERE rssi < -70"
                                                   : " WHERE battery_level < 20";
  const auto rows = execute_in_store_of(
      service_, "SELECT " + list + " FROM (SELECT device_id || ' ' || " + time +
                    " || ' ' || battery_level || ' ' || rssi || CASE WHEN online THEN ' online' ELSE ' offline' END "
                    "AS row FROM device_latest" +
                    where + ") AS statuses");
  Statuses statuses;
  std::istringstream lines(rows.value_or(""));
  for (std::string device_id, timestamp, online; lines >> device_id;) {
    std::int64_t battery_level = 0, rssi = 0;
    lines >> timestamp >> battery_level >> rssi >> online;
    statuses.insert(status_text(device_id, timestamp, battery_level, rssi, online == "online"));
  }
  return statuses;
}

void FollowedStream::compare() {
  const auto now = utc_text(std::chrono::system_clock::now());
  const Report last{.device_id = "last", .timestamp = now, .battery_level = 0, .rssi = -100};  // every client wants it
  ASSERT_EQ(HttpClient(service_.port()).post("/status", last.json()).status, 200);
  ASSERT_TRUE(wait_until([&] { return execute_in_store_of(service_, "SELECT count(*) FROM update_log") == "0"; }, 20s));
  for (auto& follower : followers_) {
    ASSERT_TRUE(follower.read_through(service_.port()));
    const auto known = follower.known(), in_the_store = stored(follower.filter());
    EXPECT_EQ(known, follower.summary(service_.port()));
    EXPECT_EQ(known, in_the_store);
    unequal_ += known == in_the_store ? 0 : 1;
    ++compared_;
  }
}

TEST_P(FollowedStream, is_equal_to_the_store_after_clients_have_connected_again) {
  const int reconnects = in_short_or_soak(10, 100);
  Figures figures(23, std::to_string(reconnects) + " new connections of three clients of a stream under load, " +
                          ::testing::PrintToString(GetParam()));
  for (int round = 0; round < reconnects && !HasFailure(); round += 5) {
    auto running = load();
    for (int i = 0; i < 5; ++i)
      for (auto& follower : followers_) {
        follower.connect(service_.port());
        follower.read(below(100) * 1ms);
      }
    running.stop();
    EXPECT_TRUE(running.finish().faults.empty());
    compare();
  }
  note(figures);
}

TEST_P(FollowedStream, is_equal_to_the_store_after_kills) {
  const int kills = in_short_or_soak(2, 10);
  Figures figures(23, std::to_string(kills) + " times kill -9 under three clients of a stream, " +
                          ::testing::PrintToString(GetParam()));
  for (int round = 0; round < kills && !HasFailure(); ++round) {
    auto running = load();
    for (auto& follower : followers_) follower.read(below(100) * 1ms);
    service_.kill_hard();
    for (auto& follower : followers_) follower.disconnect();
    running.finish();
    service_.start();
    auto again = load();
    for (auto& follower : followers_) {
      follower.connect(service_.port());
      follower.read(below(100) * 1ms);
    }
    again.stop();
    EXPECT_TRUE(again.finish().faults.empty());
    compare();
  }
  note(figures);
}

UBIETY_WITH_EACH_STORE(FollowedStream);

}  // namespace
}  // namespace ubiety::test
