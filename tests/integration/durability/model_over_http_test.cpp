// A random life of the service against a model of it, as one client sees it: reports of every kind, batches, reads with
// every parameter, removals, and restarts with other settings. With UBIETY_OPERATIONS=n there are so many operations in
// it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "domain/clock.hpp"
#include "support/batch.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/reference_model.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using Outcome = ReferenceModel::Outcome;
using Strings = std::vector<std::string>;

constexpr int devices_at_once = 9, operations_of_devices = 2'000;  // then others take their turn
constexpr auto day = 24h;

std::string name_of_device(int number) { return (number % 9 < 5 ? "near/\xC3\xA9 " : "far ") + std::to_string(number); }

Report report_of(const StatusUpdate& update) {
  const auto& status = update.status;
  return {update.device_id, format_timestamp(status.timestamp), status.battery_level, status.rssi, status.online};
}

Timestamp start_of(Timestamp time, std::chrono::microseconds unit) {
  return {time.microseconds - time.microseconds % unit.count()};
}

class ModelOverHttp : public ::testing::TestWithParam<StoreKind> {
 protected:
  ModelOverHttp() {
    // A slow machine is no divergence.
    for (const auto* name : {"REQUEST_TIMEOUT", "DATABASE_TIMEOUT"}) service_.settings()[name] = "100";
  }

  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }
  bool one_in(int number) { return below(number) == 0; }
  std::chrono::seconds up_to(std::chrono::seconds span) { return std::chrono::seconds(below(int(span.count()))); }

  std::string any_device() {
    const int oldest = operation_ / operations_of_devices * devices_at_once;
    return name_of_device(one_in(10) ? below(oldest + devices_at_once) : oldest + below(devices_at_once));
  }

  static Timestamp now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
  }

  Timestamp any_past_time() { return start_of(now(), 1s) - up_to(6 * day); }

  void note(const std::string& what) {
    last_.push_back(std::to_string(operation_) + ": " + what.substr(0, 4'000));
    if (last_.size() > 20) last_.pop_front();
  }

  // -- reports --

  // Newer ones, late ones, repetitions, other values at one time, and clocks that run ahead. The model has it at once.
  StatusUpdate next_update() {
    received_ = std::max(now(), {received_.microseconds + 1});
    const auto second = start_of(received_, 1s);
    StatusUpdate update{any_device(), {second, {}, -60, static_cast<std::uint8_t>(50 + below(3)), !one_in(4)}};
    auto& status = update.status;
    const int kind = below(100);
    if (kind < 30) {
      const auto time = one_in(2) ? second + day : any_past_time();
      status = model_.record_at(update.device_id, time).value_or(status);
      if (kind < 15) status.battery_level = static_cast<std::uint8_t>(below(101));
    } else if (kind < 45) {
      status.timestamp = any_past_time();
    } else if (kind < 50) {
      status.timestamp = second + up_to(23h);
    } else {
      status.timestamp = second - up_to(30s);
    }
    if (one_in(20)) status.timestamp = status.timestamp + std::chrono::microseconds(below(1'000'000));
    if (one_in(20)) status.rssi = static_cast<std::int16_t>(min_rssi + below(max_rssi - min_rssi + 1));
    if (!removed_reports_.empty() && one_in(20))
      update = removed_reports_[static_cast<std::size_t>(below(int(removed_reports_.size())))];
    if (depends_on_the_moment(update)) status.timestamp = second;
    const auto removed = removals_.find(update.device_id);
    if (removed != removals_.end() && depends_on_the_moment(update))
      status.timestamp = start_of(removed->second.first, 1s) - 1s;
    status.received = received_;
    return update;
  }

  // Whether the outcome depends on the exact time of receipt, or on whether the device's records have expired already.
  bool depends_on_the_moment(const StatusUpdate& update) const {
    const auto time = update.status.timestamp;
    if (const auto removed = removals_.find(update.device_id); removed != removals_.end())
      if (time >= removed->second.first && time <= removed->second.second) return true;
    const auto to_limit_of_skew = time - received_ - NewerThan().max_clock_skew();
    if (to_limit_of_skew > -1min && to_limit_of_skew < 1min) return true;
    if (time >= expired_before_) return false;
    const auto latest = model_.latest().find(update.device_id);
    return latest == model_.latest().end() || latest->second.update.status.timestamp <= time;
  }

  // An update that is refused: its clock is too far ahead.
  Report refused_report() { return report_of({any_device(), {now() + day + 1h + up_to(day), {}, -60, 50, true}}); }

  void post() {
    if (one_in(100)) {
      EXPECT_EQ(client_->post("/status", refused_report().json()).status, 400);
      return;
    }
    const auto update = next_update();
    const auto outcome = model_.append(update);
    send("/status", "application/json", report_of(update).json());
    if (outcome == Outcome::latest)
      expect_new_latest({update.device_id}, update.status.received);
    else if (one_in(3))
      expect_latest(update.device_id);
  }

  void post_batch() {
    Strings reports, expected_results;
    std::set<DeviceId> changed;
    std::optional<Timestamp> sent;
    for (int left = one_in(10) ? 300 : 1 + below(12); left > 0; --left) {
      const auto update = next_update();
      if (!sent) sent = update.status.received;
      const auto outcome = model_.append(update);
      if (outcome == Outcome::latest) changed.insert(update.device_id);
      reports.push_back(report_of(update).json());
      expected_results.push_back(outcome == Outcome::latest ? "stored" : outcome == Outcome::late ? "late" : "repeat");
      if (!one_in(50)) continue;
      reports.push_back(refused_report().json());
      expected_results.push_back("rejected");
    }
    if (const auto response = send("/status/batch", "application/x-ndjson", ndjson_of(reports)))
      expect_results(Json(response->body)["results"], expected_results);
    expect_new_latest(changed, *sent);
  }

  // A repeat that is late as well may be called either.
  static void expect_results(const Json& results, const Strings& expected) {
    ASSERT_EQ(results.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const auto result = results[i].text();
      const bool is_either = expected[i] == "repeat" && (result == "late" || result == "duplicate");
      EXPECT_TRUE(is_either || result == expected[i]) << i << ": " << result << " instead of " << expected[i];
    }
  }

  // Returns the answer. Now and then the service is killed meanwhile, and the request is repeated: then none.
  std::optional<HttpResponse> send(const std::string& target, const std::string& type, const std::string& body) {
    note("POST " + target + "\n" + body);
    const Headers headers{{"Content-Type", type}, {"Prefer", "return=representation"}};
    const bool is_interrupted = one_in(500);
    if (is_interrupted) {
      client_->send_raw(format_request("a", "POST", target, headers, body));
      wait_until_moment(std::chrono::steady_clock::now() + std::chrono::microseconds(below(3'000)));
      note("kill -9 in between");
      service_.kill_hard();
      start();
      ++kills_;
    }
    auto response = client_->request("POST", target, headers, body);
    EXPECT_TRUE(response.status == 200 || response.status == 207) << response.status << ' ' << response.body;
    return is_interrupted ? std::nullopt : std::optional(std::move(response));
  }

  // -- removals --

  // Old reports are sent again later. Now and then the service is killed meanwhile.
  void remove() {
    const auto device_id = any_device();
    for (const auto& record : model_.history(device_id, {}, {}))
      if (one_in(3)) removed_reports_.push_back({device_id, record});
    while (removed_reports_.size() > 30) removed_reports_.pop_front();
    received_ = std::max(now(), {received_.microseconds + 1});
    note("DELETE " + path_of(device_id));
    const bool is_interrupted = one_in(4), is_known = model_.latest().contains(device_id);
    if (is_interrupted) {
      client_->send_raw(format_request("a", "DELETE", path_of(device_id), {}, ""));
      wait_until_moment(std::chrono::steady_clock::now() + std::chrono::microseconds(below(3'000)));
      note("kill -9 in between");
      service_.kill_hard();
      start();
      ++kills_;
    }
    const auto status = client_->request("DELETE", path_of(device_id)).status;
    EXPECT_TRUE(status == (is_known ? 204 : 404) || (is_interrupted && status == 404)) << status;
    if (is_known) removals_[device_id] = {received_, now()};
    received_ = std::max(now(), received_);
    if (is_known) model_.remove(device_id, received_);
    expect_latest(device_id);
  }

  // -- reads --

  std::string path_of(const DeviceId& device_id) { return "/status/" + percent_encode(device_id); }

  // These devices have a new latest status. It was received since `sent`; from here on the model knows when.
  void expect_new_latest(const std::set<DeviceId>& devices, Timestamp sent) {
    const auto answered = std::max(now(), received_);
    for (const auto& device_id : devices) {
      const auto received = parse_timestamp(Json(client_->get(path_of(device_id)).body)["last_updated"].text());
      ASSERT_TRUE(received && *received >= sent && *received <= answered)
          << device_id << ": received at " << (received ? format_timestamp(*received) : "no time") << ", sent at "
          << format_timestamp(sent) << ", answered at " << format_timestamp(answered);
      model_.set_latest_received(device_id, *received);
      expect_latest(device_id);
    }
  }

  void expect_latest(const DeviceId& device_id) {
    const auto response = client_->get(path_of(device_id));
    const auto latest = model_.latest().find(device_id);
    if (latest == model_.latest().end()) {
      EXPECT_EQ(response.status, 404) << response.body;
      return;
    }
    const auto& update = latest->second.update;
    auto expected = report_of(update).json();
    expected.back() = ',';
    expected += R"("last_updated":")" + format_timestamp(update.status.received) + R"(","last_heard":")";
    EXPECT_EQ(response.body.substr(0, expected.size()), expected);
    EXPECT_FALSE(Json(response.body)["stale"].boolean()) << response.body;
    const auto last_heard = parse_timestamp(Json(response.body)["last_heard"].text());
    EXPECT_GE(last_heard, update.status.received) << response.body;
    EXPECT_LE(last_heard, SystemClock().now()) << response.body;
  }

  // A time in a query, often exactly that of a record.
  Timestamp any_bound(const DeviceId& device_id) {
    const auto time = any_past_time() + up_to(2 * day);
    const auto record = model_.record_at(device_id, time);
    return record && one_in(2) ? record->timestamp : time;
  }

  // Follows the pages of a history. Meanwhile reports arrive, and the service restarts.
  void expect_history(const DeviceId& device_id) {
    std::optional<Timestamp> since, before;
    if (one_in(3)) since = any_bound(device_id);
    if (one_in(3)) before = any_bound(device_id);
    // When expired records go is not known.
    if (expired_before_ != Timestamp{}) since = std::max(since.value_or(Timestamp{}), expired_before_ - 1us);
    std::size_t limit = one_in(2) ? 1'000 : static_cast<std::size_t>(1 + below(60));
    std::string query = "?limit=" + std::to_string(limit);
    if (one_in(10)) query = "?", limit = 50;
    if (since) query += "&since=" + format_timestamp(*since);
    if (before) query += "&before=" + format_timestamp(*before);
    std::optional<Status> last;
    for (int pages = 0; pages < 20 && !HasFailure(); ++pages) {
      note("GET " + path_of(device_id) + "/history" + query);
      const auto response = client_->get(path_of(device_id) + "/history" + query);
      if (!model_.latest().contains(device_id)) {
        EXPECT_EQ(response.status, 404) << response.body;
        return;
      }
      ASSERT_EQ(response.status, 200) << response.body;
      auto records = model_.history(device_id, since, before);
      const auto total = records.size();
      if (last) std::erase_if(records, [&](const Status& record) { return !newest_first(*last, record); });
      const bool has_more = records.size() > limit;
      records.resize(std::min(records.size(), limit));
      expect_page(Json(response.body), device_id, records, total, has_more);
      const auto link = response.header("Link");
      ASSERT_EQ(link.empty(), !has_more);
      if (!has_more) return;
      query = link.substr(1, link.find('>') - 1);
      last = records.back();
      if (one_in(10)) post();
      if (one_in(100)) restart_as(any_tail_memory());
    }
  }

  static void expect_page(const Json& page, const DeviceId& device_id, const std::vector<Status>& records,
                          std::size_t total, bool has_more) {
    EXPECT_EQ(page["device_id"].text(), device_id);
    EXPECT_EQ(page["total_records"].integer(), static_cast<std::int64_t>(total));
    EXPECT_EQ(page["has_more"].boolean(), has_more);
    Strings shown, expected;
    for (const auto& record : page["history"].elements()) shown.push_back(record.dump());
    for (const auto& status : records) expected.push_back(report_of({device_id, status}).history_record());
    EXPECT_EQ(shown.size(), expected.size());
    const auto [wrong, right] = std::mismatch(shown.begin(), shown.end(), expected.begin(), expected.end());
    if (wrong != shown.end() || right != expected.end())
      ADD_FAILURE() << "record " << wrong - shown.begin() << " is " << (wrong == shown.end() ? "absent" : *wrong)
                    << " instead of " << (right == expected.end() ? "absent" : *right);
  }

  // All devices, or those of some filters, as a whole or in pages.
  void expect_summary() {
    std::string filters;
    std::optional<bool> online;
    int battery_below = max_battery_level + 1;
    std::string prefix;
    if (one_in(3)) filters += std::string("&online=") + ((online = one_in(2)) == true ? "true" : "false");
    if (one_in(3)) filters += "&battery_below=" + std::to_string(battery_below = below(102));
    if (one_in(3)) filters += "&prefix=" + percent_encode(prefix = one_in(2) ? "near/" : "far 1");
    Strings expected;
    std::int64_t expected_online = 0;
    for (const auto& [device_id, latest] : model_.latest()) {
      const auto& status = latest.update.status;
      if (online.value_or(status.online) != status.online || status.battery_level >= battery_below) continue;
      if (!device_id.starts_with(prefix)) continue;
      expected_online += status.online ? 1 : 0;
      expected.push_back(R"({"device_id":)" + json_string(device_id) + R"(,"battery_level":)" +
                         std::to_string(status.battery_level) + R"(,"online":)" + (status.online ? "true" : "false") +
                         R"(,"last_update":")" + format_timestamp(status.timestamp) + R"(","rssi":)" +
                         std::to_string(status.rssi) + R"(,"stale":false})");
    }
    const bool is_paged = one_in(3);
    if (is_paged) filters += "&limit=" + std::to_string(1 + below(40));
    Strings shown;
    for (std::string cursor, query = "?" + filters; !query.empty() && !HasFailure();) {
      note("GET /status/summary" + query);
      const Json page(client_->get("/status/summary" + query).body);
      for (const auto& entry : page["devices"].elements()) shown.push_back(without_last_heard(entry.dump()));
      EXPECT_EQ(page["total_devices"].integer(), static_cast<std::int64_t>(expected.size()));
      EXPECT_EQ(page["online_devices"].integer(), expected_online);
      EXPECT_EQ(page["online_devices"].integer() + page["offline_devices"].integer(), page["total_devices"].integer());
      query = page.contains("next_cursor") ? "?" + filters + "&cursor=" + page["next_cursor"].text() : "";
    }
    if (!is_paged) std::sort(shown.begin(), shown.end());
    if (!is_paged) std::sort(expected.begin(), expected.end());
    EXPECT_EQ(shown, expected);
  }

  void expect_everything() {
    expect_summary();
    for (int i = 0; i < 10; ++i) expect_latest(any_device());
    for (int i = 0; i < 3; ++i) expect_history(any_device());
  }

  // -- lives --

  // With 0 everything is merged soon, with the last nothing ever is.
  const char* any_tail_memory() {
    constexpr std::array sizes{"0", "0", "4096", "65536", "67108864"};
    return sizes[static_cast<std::size_t>(below(int(sizes.size())))];
  }

  void start() {
    service_.start();
    client_.emplace(service_.port());
    ++lives_;
  }

  void restart_as(const char* tail_memory) {
    const bool is_killed = one_in(2);
    note((is_killed ? "kill -9, start with TAIL_MEMORY=" : "restart with TAIL_MEMORY=") + std::string(tail_memory) +
         " RETENTION_DAYS=" + service_.settings()["RETENTION_DAYS"]);
    client_.reset();
    if (is_killed)
      service_.kill_hard();
    else
      EXPECT_EQ(service_.terminate(), 0);
    kills_ += is_killed ? 1 : 0;
    service_.settings()["TAIL_MEMORY"] = tail_memory;
    start();
  }

  void restart() {
    if (expired_before_ == Timestamp{} && one_in(4))
      keep_some_days();
    else if (expired_before_ != Timestamp{} && one_in(2))
      keep_all_days();
    else
      restart_as(any_tail_memory());
    expect_everything();
  }

  // Not near midnight, when other records expire.
  void keep_some_days() {
    const auto today = start_of(now(), day);
    if (now() - today > 23h) return;
    const int days = 1 + below(5);
    service_.settings()["RETENTION_DAYS"] = std::to_string(days);
    expired_before_ = today - days * day;
    restart_as(any_tail_memory());
  }

  void keep_all_days() {
    restart_as("0");
    ASSERT_TRUE(wait_until([&] { return is_all_expired(); }, 20s, 50ms))
        << "tail: " << scrape(service_.port()).at("ubiety_tail_updates") << "\n"
        << service_.log();
    model_.expire(std::exchange(expired_before_, Timestamp{}));
    service_.settings()["RETENTION_DAYS"] = "0";
    restart_as(any_tail_memory());
    ++expiries_;
  }

  bool is_all_expired() {
    const auto query = "/history?limit=1&before=" + format_timestamp(expired_before_);
    if (scrape(service_.port()).at("ubiety_tail_updates") != 0) return false;
    for (const auto& [device_id, latest] : model_.latest()) {
      if (model_.history(device_id, {}, expired_before_).empty()) continue;
      if (Json(client_->get(path_of(device_id) + query).body)["total_records"].integer() != 0) return false;
    }
    return true;
  }

  void operate() {
    const int kind = below(1'000);
    if (kind < 450) return post();
    if (kind < 490) return post_batch();
    if (kind < 500) return remove();
    if (kind < 650) return expect_latest(any_device());
    if (kind < 900) return expect_history(any_device());
    if (kind < 996) return expect_summary();
    restart();
  }

  void run(int operations) {
    start();
    for (; operation_ < operations && !HasFailure(); ++operation_) operate();
    if (!HasFailure()) expect_everything();
  }

  std::mt19937 random_{new_seed()};
  ServiceProcess service_{with_new_database(GetParam())};
  std::optional<HttpClient> client_;
  ReferenceModel model_;
  Timestamp received_{};        // of the last update, at the earliest
  Timestamp expired_before_{};  // where RETENTION_DAYS removes records
  std::deque<StatusUpdate> removed_reports_;
  std::map<DeviceId, std::pair<Timestamp, Timestamp>> removals_;  // between which moments a device was removed last
  int operation_ = 0;
  int lives_ = 0, kills_ = 0, expiries_ = 0;
  std::deque<std::string> last_;  // operations
};

TEST_P(ModelOverHttp, is_what_a_client_sees) {
  const char* operations = std::getenv("UBIETY_OPERATIONS");
  try {
    // An operation takes PostgreSQL several times as long.
    const int few = GetParam() == StoreKind::sqlite ? 2'000 : 800;
    run(operations == nullptr ? few : std::atoi(operations));
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what() << "\n" << service_.log();
  }
  std::cout << operation_ << " operations in " << lives_ << " lives, " << kills_ << " of them killed, " << expiries_
            << " expiries" << std::endl;
  if (!HasFailure()) return;
  for (const auto& each : last_) std::cout << each << "\n";
}

UBIETY_WITH_EACH_STORE(ModelOverHttp);

}  // namespace
}  // namespace ubiety::test
