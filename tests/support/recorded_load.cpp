#include "support/recorded_load.hpp"

#include <algorithm>
#include <optional>
#include <random>

#include "support/batch.hpp"
#include "support/history_of.hpp"
#include "support/http_client.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

constexpr std::chrono::milliseconds pause_after_refusal{10};

// Returns a different report for every count below 36562.
Report unique_report(std::string device, std::int64_t microsecond, int count) {
  const std::chrono::system_clock::time_point start = std::chrono::system_clock::from_time_t(1'750'000'000);
  return {.device_id = std::move(device),
          .timestamp = utc_text(start + std::chrono::microseconds(microsecond)),
          .battery_level = count % 101,
          .rssi = count / 101 % 181 - 160,
          .online = count / (101 * 181) % 2 == 0};
}

Told told_by(const HttpResponse& refusal) {
  for (const char* words : {"nothing was stored", "it was not stored"})
    if (refusal.body.find(words) != std::string::npos) return Told::not_stored;
  return Told::unknown;
}

}  // namespace

class RecordedLoad::Client {
 public:
  Client(RecordedLoad& load, int port, std::string name, int number, std::uint32_t seed)
      : load_(load),
        recording_(load.recordings_[static_cast<std::size_t>(number)]),
        port_(port),
        name_(std::move(name)),
        number_(number),
        random_(seed + static_cast<std::uint32_t>(number)) {}

  void run() {
    try {
      while (!load_.is_stopping_) {
        if (!connection_) connection_.emplace(port_);
        const auto due = wait_for_turn();
        if (load_.is_stopping_) return;
        post(due);
        const int reads_after = load_.shape_.requests_between_reads;
        if (reads_after > 0 && ++requests_ % reads_after == 0 && connection_) read();
      }
    } catch (const ConnectionClosed&) {
      // The service was killed or stopped. Requests in flight are recorded already.
    } catch (const HttpError& error) {
      const bool is_refused = !connection_;
      if (!is_refused) recording_.faults.push_back(error.what());
    }
  }

 private:
  // The place of an update in a vector that grows.
  struct Place {
    std::vector<Sent>* sent;
    std::size_t index;
  };

  int below(int limit) { return std::uniform_int_distribution<>(0, limit - 1)(random_); }

  std::string device(int client, int index) const {
    return name_ + "-" + std::to_string(client) + "-" + std::to_string(index);
  }

  // Blocks until the next post is due, and returns that time. Overdue posts follow at once.
  std::chrono::steady_clock::time_point wait_for_turn() {
    const auto& shape = load_.shape_;
    if (shape.per_second == 0) return std::chrono::steady_clock::now();
    const auto interval = std::chrono::nanoseconds{std::chrono::seconds{1}} / shape.per_second;
    const auto due = load_.began_ + interval * (std::int64_t{turns_++} * shape.clients + number_);
    wait_until_moment(due);
    return due;
  }

  void post(std::chrono::steady_clock::time_point due) {
    std::vector<Report> reports;
    std::vector<Place> places;
    for (int i = 0; i < load_.shape_.batch; ++i) {
      reports.push_back(draw());
      auto& sent = recording_.sent[reports.back().device_id];
      places.push_back({&sent, sent.size()});
      sent.push_back({reports.back(), Told::nothing});
    }
    const auto sent_at = std::chrono::steady_clock::now();
    const auto response = send(reports);
    const auto answered_at = std::chrono::steady_clock::now();
    if (response.status == 200) {
      for (const auto& [sent, index] : places) (*sent)[index].told = Told::stored;
      load_.stored_ += places.size();
      recording_.of_stores.add(answered_at - due);
    } else if (response.status == 503) {
      for (const auto& [sent, index] : places) (*sent)[index].told = told_by(response);
      note_refusal(response, answered_at - sent_at);
    } else {
      recording_.faults.push_back(response.body);
    }
    if (response.header("Connection") == "close") connection_.reset();
    if (response.status == 503) wait_until([this] { return load_.is_stopping_.load(); }, pause_after_refusal);
  }

  HttpResponse send(const std::vector<Report>& reports) {
    if (reports.size() == 1) return connection_->post("/status", reports.front().json());
    std::vector<std::string> lines;
    for (const auto& report : reports) lines.push_back(report.json());
    return post_batch(*connection_, ndjson_of(lines));
  }

  Report draw() {
    const int index = below(load_.shape_.devices);
    auto& newest = newest_[index];
    std::int64_t microsecond = newest;
    const int kind = below(100);
    const auto& shape = load_.shape_;
    if (kind >= shape.percent_late + shape.percent_equal)
      microsecond = newest += 1 + below(1000);
    else if (kind < shape.percent_late)
      microsecond = below(static_cast<int>(newest) + 1);
    return unique_report(device(number_, index), microsecond, ++count_);
  }

  void note_refusal(const HttpResponse& response, std::chrono::steady_clock::duration taken) {
    ++load_.refused_;
    recording_.of_refusals.add(taken);
    if (response.header("Retry-After").empty()) recording_.faults.push_back("no Retry-After: " + response.body);
  }

  void read() {
    const auto of = device((number_ + 1) % load_.shape_.clients, below(load_.shape_.devices));
    const auto latest = latest_of(*connection_, of);
    if (latest.empty()) return;
    auto& readers = recording_.read[of];
    if (readers.empty()) readers.emplace_back();
    readers.back().push_back(latest);
  }

  RecordedLoad& load_;
  Recording& recording_;
  const int port_;
  const std::string name_;
  const int number_;
  std::mt19937 random_;
  std::optional<HttpClient> connection_;
  std::map<int, std::int64_t> newest_;  // microseconds, by device
  int count_ = 0;
  int requests_ = 0;
  int turns_ = 0;
};

void add(Recording& all, Recording one) {
  all.sent.merge(one.sent);
  for (const auto& [device, readers] : one.read)
    all.read[device].insert(all.read[device].end(), readers.begin(), readers.end());
  all.of_stores.add(one.of_stores);
  all.of_refusals.add(one.of_refusals);
  all.faults.insert(all.faults.end(), one.faults.begin(), one.faults.end());
}

RecordedLoad::RecordedLoad(int port, std::string name, std::uint32_t seed, LoadShape shape)
    : shape_(shape), recordings_(static_cast<std::size_t>(shape.clients)) {
  for (int number = 0; number < shape.clients; ++number)
    threads_.emplace_back([this, port, name, number, seed] { Client(*this, port, name, number, seed).run(); });
}

RecordedLoad::~RecordedLoad() {
  stop();
  finish();
}

Recording RecordedLoad::finish() {
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  Recording all;
  for (auto& recording : recordings_) add(all, std::move(recording));
  recordings_.clear();
  return all;
}

}  // namespace ubiety::test
