// RELIABILITY.md, row 14: a long run of everything that clients do, also wrongly. Memory, threads and open files stay
// what they were once the service was warm.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/store_kind.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

const std::chrono::milliseconds duration = in_short_or_soak(8s, 1200s);
constexpr int warm_up = 4;                            // the first of so many equal parts of the run
const int percent_to_grow = in_short_or_soak(25, 5);  // caches fill within minutes
constexpr std::size_t kilobytes_to_grow = 4 * 1024;

// Connects, asks for something, and goes: over and over.
class PassersBy {
 public:
  explicit PassersBy(int port) : thread_([this, port] { run(port); }) {}
  ~PassersBy() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }

  // How many came by. Once.
  std::size_t finish() {
    is_stopping_ = true;
    thread_.join();
    return count_;
  }

 private:
  void run(int port) {
    const std::string device = "/status/long-0-0";
    const std::vector<std::string> requests{
        format_request("a", "GET", "/status/summary", {{"Accept-Encoding", "gzip"}}),
        format_request("a", "GET", "/status/summary?limit=10&online=true"),
        format_request("a", "GET", device),
        format_request("a", "GET", device + "/history?limit=1000"),
        format_request("a", "GET", "/no/such/path/" + std::string(1000, 'x')),
        format_request("a", "POST", "/status", {}, "{\"device_id\":\"\",\"battery_level\":1000}"),
        format_request("a", "POST", "/status", {}, std::string(60'000, '[')),
        format_request("a", "DELETE", "/status/summary"),
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nSlow: " + std::string(100'000, 'y'),
        "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n{",
    };
    while (!is_stopping_) {
      try {
        HttpClient client(port);
        client.send_raw(requests[count_++ % requests.size()]);
        client.close_sending();
        client.read_until_close();
      } catch (const HttpError&) {
        // The service may close before all was sent.
      }
      wait_until([this] { return is_stopping_.load(); }, 10ms);
    }
  }

  std::atomic<bool> is_stopping_ = false;
  std::size_t count_ = 0;  // the thread's, until its end
  std::thread thread_;
};

class LongRun : public ::testing::TestWithParam<StoreKind> {};

TEST_P(LongRun, leaks_nothing) {
  Figures figures(14, "single posts, batches, all reads and faulty requests for " +
                          std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count()) + " s, " +
                          ::testing::PrintToString(GetParam()));
  auto settings = with_new_database(GetParam());
  settings["DATABASE_POOL_SIZE"] = "2";  // each reader's cache of SQLite's pages is full when the service is warm
  ServiceProcess service(settings);
  service.start();
  RecordedLoad singles(service.port(), "long", new_seed(), {.clients = 4, .per_second = 500});
  RecordedLoad batches(service.port(), "batches", new_seed(), {.clients = 2, .batch = 50, .per_second = 20});
  PassersBy passers_by(service.port());

  Kilobytes warm{}, highest{};
  std::size_t warm_files = 0, most_files = 0;
  const auto began = std::chrono::steady_clock::now();
  wait_until(
      [&] {
        const bool is_warm = since(began) * warm_up > duration;
        auto& memory = is_warm ? highest : warm;
        auto& files = is_warm ? most_files : warm_files;
        memory = std::max(memory, memory_of(service.pid()));
        files = std::max(files, open_files(service.pid()));
        return since(began) > duration;
      },
      2 * duration, 200ms);
  singles.stop();
  batches.stop();
  figures.note("came by", passers_by.finish());
  auto recording = singles.finish();
  add(recording, batches.finish());
  figures.note(verify(service.port(), recording));
  figures.exactly("refused", singles.refused() + batches.refused(), 0);
  figures.note("memory when warm", warm);
  figures.at_most("memory", highest,
                  {warm.count * (100 + static_cast<std::size_t>(percent_to_grow)) / 100 + kilobytes_to_grow});
  figures.at_most("files open at most", most_files, warm_files + 2);
  EXPECT_EQ(service.terminate(), 0);
}

UBIETY_WITH_EACH_STORE(LongRun);

}  // namespace
}  // namespace ubiety::test
