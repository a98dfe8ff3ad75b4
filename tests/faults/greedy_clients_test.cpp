// RELIABILITY.md, row 22: clients that ask for scans and go, that read nothing of long answers, or that upload much and
// do not end. The reports of others are taken as before, and what is held for the greedy is bounded by the settings.
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>

#include "faults/figures.hpp"
#include "support/batch.hpp"
#include "support/http_client.hpp"
#include "support/metrics.hpp"
#include "support/recorded_load.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const int devices = in_short_or_soak(50'000, 200'000);
constexpr int devices_in_a_batch = 10'000;
const int greedy_clients = in_short_or_soak(200, 1000);
constexpr int reports_meanwhile = 300;
constexpr std::size_t megabyte = 1024 * 1024;
constexpr std::size_t unread_megabytes = 16, upload_megabytes = 16;
constexpr std::size_t megabytes_to_grow = 48;  // of the allocator, and of so many connections
constexpr std::size_t upload_bytes = 2 * megabyte;

class GreedyClients : public ::testing::Test {
 protected:
  GreedyClients() {
    service_.start();
    HttpClient client(service_.port());
    for (int at = 0; at < devices; at += devices_in_a_batch) {
      std::vector<std::string> reports;
      for (int i = at; i < at + devices_in_a_batch; ++i)
        reports.push_back(Report{.device_id = "device-" + std::to_string(i)}.json());
      EXPECT_EQ(client.request("POST", "/status/batch", {{"Content-Type", "application/x-ndjson"}}, ndjson_of(reports))
                    .status,
                200);
    }
    memory_before_ = memory_of(service_.pid());
    load_.emplace(service_.port(), "others", new_seed(), LoadShape{.clients = 2});
    EXPECT_TRUE(wait_until([&] { return load_->stored() > reports_meanwhile; }, 20s, 1ms));
  }

  // A client that sends this and reads nothing.
  HttpClient& send(const std::string& request) {
    clients_.push_back(std::make_unique<HttpClient>(service_.port()));
    clients_.back()->send_raw(request);
    memory_ = std::max(memory_, memory_of(service_.pid()));
    return *clients_.back();
  }
  static std::string get(const std::string& target) { return format_request("a", "GET", target); }

  // While others are served.
  void judge(Figures& figures, std::size_t megabytes) {
    const auto stored = load_->stored();
    EXPECT_TRUE(wait_until(
        [&] {
          memory_ = std::max(memory_, memory_of(service_.pid()));
          return load_->stored() > stored + reports_meanwhile;
        },
        20s, 1ms));
    load_->stop();
    const auto recording = load_->finish();
    figures.at_most<std::chrono::microseconds>("POST p99", recording.of_stores.p99(), 1s);
    figures.note("slowest", recording.of_stores.slowest());
    figures.exactly("refused", recording.of_refusals.count(), 0);
    figures.note("memory before", memory_before_);
    figures.at_most("memory", memory_, {memory_before_.count + (megabytes + megabytes_to_grow) * 1024});
    clients_.clear();
    figures.note(verify(service_.port(), recording));
  }

  double metric(const std::string& series) { return scrape(service_.port()).at(series); }

  ServiceProcess service_{Environment{{"MAX_UNREAD_BYTES", std::to_string(unread_megabytes* megabyte)},
                                      {"MAX_IN_FLIGHT_BYTES", std::to_string(upload_megabytes* megabyte)}}};
  Kilobytes memory_before_{0}, memory_{0};
  std::deque<std::unique_ptr<HttpClient>> clients_;
  std::optional<RecordedLoad> load_;
};

TEST_F(GreedyClients, hurt_no_other_when_they_ask_for_scans_and_go) {
  Figures figures(22, std::to_string(greedy_clients) + " scans of " + std::to_string(devices) +
                          " devices whose clients go at once");
  for (int i = 0; i < greedy_clients; ++i) {
    send(get("/status/summary?limit=100000&battery_below=" + std::to_string(i % 102)));
    clients_.clear();
  }
  judge(figures, unread_megabytes);
  EXPECT_TRUE(wait_until([&] { return metric("ubiety_scans") + metric("ubiety_unread_bytes") == 0; }, 10s));
}

TEST_F(GreedyClients, hurt_no_other_when_they_read_nothing_of_long_answers) {
  Figures figures(22, std::to_string(greedy_clients) + " clients that read nothing of summaries of " +
                          std::to_string(devices) + " devices");
  for (int i = 0; i < greedy_clients; ++i)
    send(get(i % 4 == 0 ? "/status/summary" : "/status/summary?battery_below=" + std::to_string(77 + i % 25)));
  judge(figures, unread_megabytes);
}

TEST_F(GreedyClients, hurt_no_other_when_they_do_not_end_their_uploads) {
  Figures figures(22, std::to_string(greedy_clients) + " uploads of 2 MB that do not end");
  const std::string head = "POST /status/batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\n";
  std::size_t refused = 0;
  for (int i = 0; i < greedy_clients; ++i) {
    const bool is_chunked = i % 2 == 0;
    const auto size = is_chunked ? "Transfer-Encoding: chunked\r\n\r\n1fffff\r\n"
                                 : "Content-Length: " + std::to_string(upload_bytes) + "\r\n\r\n";
    try {
      send(head + size + std::string(upload_bytes - 2, ' '));
    } catch (const HttpError&) {
      ++refused;  // closed while it sent
    }
  }
  judge(figures, 2 * upload_megabytes);  // a buffer that grows is there twice for a moment
  EXPECT_TRUE(wait_until([&] { return metric("ubiety_updates_in_flight_bytes") == 0; }, 10s)) << "they have gone";
  EXPECT_GT(metric(R"(ubiety_http_refused_requests_total{reason="too-many-bytes"})"), 0)
      << refused << " were closed while they sent";
}

}  // namespace
}  // namespace ubiety::test
