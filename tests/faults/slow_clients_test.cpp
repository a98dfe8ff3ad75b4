// RELIABILITY.md, row 9: clients that drip a head or a body, never read their answers, stay silent, or ask for an
// upgrade. The others are served as before, and the slow ones are closed by their deadline.
#include <gtest/gtest.h>

#include <deque>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/latency_probe.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

enum class Slowness { drips_head, drips_body, reads_nothing, is_silent, wants_upgrade };

const int of_each_kind = in_short_or_soak(120, 480);
const int that_read_nothing = in_short_or_soak(20, 80);  // the kernel keeps megabytes for each
const int connections = 4 * of_each_kind + that_read_nothing;
const auto limit = in_short_or_soak(2s, 10s);                      // for a head, a body, silence, and an answer
const auto drip_interval = std::chrono::milliseconds{limit} / 40;  // of each; they are not in step
constexpr auto connect_interval = 1ms;
constexpr auto grace = 2s;  // the service looks once a second, or lets a client that it refused linger
const std::chrono::microseconds noise = in_short_or_soak(30ms, 2ms);  // of a p99 on few cores, perhaps busy ones
constexpr std::size_t kilobytes_to_grow = 16 * 1024, kilobytes_of_a_connection = 32;
constexpr int devices = 1000;

class SlowClient {
 public:
  SlowClient(int port, Slowness slowness) : connection_(port, grace), slowness_(slowness) { begin(); }

  Slowness slowness() const { return slowness_; }

  void drip() {
    if (has_ended_ || (slowness_ != Slowness::drips_head && slowness_ != Slowness::drips_body)) return;
    try {
      connection_.send_raw("a");
    } catch (const ConnectionClosed&) {
      has_ended_ = true;
    }
  }

  bool is_closed() {
    try {
      connection_.read_until_close();
      return true;
    } catch (const HttpError&) {
      return false;
    }
  }

 private:
  void begin() {
    switch (slowness_) {
      case Slowness::drips_head: return connection_.send_raw("GET /health HTTP/1.1\r\nHost: a\r\nSlow: ");
      case Slowness::drips_body:
        return connection_.send_raw("POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n");
      case Slowness::reads_nothing:
        // More than the kernel takes for both sides.
        for (int i = 0; i < 150; ++i) connection_.send_raw(format_request("a", "GET", "/status/summary"));
        return;
      case Slowness::is_silent: return;
      case Slowness::wants_upgrade:
        EXPECT_EQ(
            connection_.request("GET", "/health", {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}}, "").status,
            200);
    }
  }

  HttpClient connection_;
  const Slowness slowness_;
  bool has_ended_ = false;
};

class SlowClients : public ::testing::Test {
 protected:
  SlowClients() {
    service_.start();
    HttpClient client(service_.port());
    for (int i = 0; i < devices; ++i)
      EXPECT_EQ(client.post("/status", Report{.device_id = "d" + std::to_string(i)}.json()).status, 200);
  }

  // One after the other: what is looked at here is their slowness, not a burst of connections.
  void connect() {
    std::vector<Slowness> kinds(static_cast<std::size_t>(that_read_nothing), Slowness::reads_nothing);
    for (const auto slowness :
         {Slowness::drips_head, Slowness::drips_body, Slowness::is_silent, Slowness::wants_upgrade})
      kinds.insert(kinds.end(), static_cast<std::size_t>(of_each_kind), slowness);
    auto next = kinds.begin();
    wait_until(
        [&] {
          clients_.emplace_back(service_.port(), *next);
          return ++next == kinds.end();
        },
        1min, connect_interval);
  }

  // True when the service has only so many sockets open; until then the clients go on dripping, a few each millisecond.
  bool drip_until_open(std::size_t sockets) {
    const auto at_a_time = std::max<std::size_t>(1, clients_.size() / static_cast<std::size_t>(drip_interval / 1ms));
    std::size_t next = 0;
    return wait_until(
        [&] {
          for (std::size_t i = 0; i < at_a_time; ++i) clients_[next++ % clients_.size()].drip();
          if (next % clients_.size() >= at_a_time) return false;  // looked at once a round
          memory_ = std::max(memory_, memory_of(service_.pid()));
          return open_sockets(service_.pid()) <= sockets;
        },
        limit + 3 * grace, 1ms);
  }

  const std::string seconds_ = std::to_string(limit.count());
  ServiceProcess service_{Environment{
      {"HEAD_TIMEOUT", seconds_}, {"BODY_TIMEOUT", seconds_}, {"IDLE_TIMEOUT", seconds_}, {"WRITE_TIMEOUT", seconds_}}};
  std::deque<SlowClient> clients_;
  Kilobytes memory_{0};
};

TEST_F(SlowClients, hurt_no_other) {
  Figures figures(9, std::to_string(connections) + " slow clients, closed after " + seconds_ + " s");
  RecordedLoad load(service_.port(), "others", new_seed(), {.clients = 2});
  EXPECT_TRUE(wait_until([&] { return load.stored() > 100; }, 20s, 1ms));
  LatencyProbe alone(service_.port(), "/status/d0");
  const auto stored = load.stored();
  EXPECT_TRUE(wait_until([&] { return load.stored() > stored + 2000; }, 20s, 1ms));
  const auto before = alone.finish();
  const auto memory_before = memory_of(service_.pid());

  const auto sockets = open_sockets(service_.pid()) + 1;  // of the probe
  LatencyProbe arriving(service_.port(), "/status/d0");
  connect();
  const auto at_arrival = arriving.finish();
  LatencyProbe among(service_.port(), "/status/d0");
  const auto connected = std::chrono::steady_clock::now();
  const auto held = open_sockets(service_.pid());
  EXPECT_GT(held, sockets + static_cast<std::size_t>(connections) / 2) << "they were not all there at a time";
  const bool are_closed = drip_until_open(sockets);
  const auto closed_after = since(connected);
  const auto meanwhile = among.finish();
  load.stop();
  const auto recording = load.finish();
  for (auto& client : clients_)
    EXPECT_TRUE(client.is_closed()) << "still open, kind " << static_cast<int>(client.slowness());

  figures.note(verify(service_.port(), recording));
  figures.exactly("refused", load.refused(), 0);
  figures.note("sockets open at most", held);
  EXPECT_TRUE(are_closed) << open_sockets(service_.pid()) << " sockets open, " << sockets << " before";
  figures.at_most("all closed after", closed_after, limit + grace);
  figures.note("GET p99 alone", before.answers.p99());
  figures.at_most("GET p99 while they connect", at_arrival.answers.p99(), 30ms);
  figures.at_most("GET p99 among them", meanwhile.answers.p99(), std::max(2 * before.answers.p99(), noise));
  figures.exactly("failed GETs", at_arrival.failures + meanwhile.failures, 0);
  figures.note("memory before", memory_before);
  figures.at_most("memory", memory_,
                  {memory_before.count + kilobytes_to_grow + kilobytes_of_a_connection * clients_.size()});
}

}  // namespace
}  // namespace ubiety::test
