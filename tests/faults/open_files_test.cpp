// RELIABILITY.md, row 8: more connections than the limit on open files lets in.
#include <gtest/gtest.h>

#include <deque>

#include "faults/figures.hpp"
#include "support/http_client.hpp"
#include "support/process_figures.hpp"
#include "support/service_process.hpp"
#include "support/soak.hpp"
#include "support/store_kind.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

constexpr int file_limit = 256;
const int connections = in_short_or_soak(600, 2000);
constexpr auto observed = 1s;
constexpr auto idle_processor_time = 200ms;  // of a second; one that spins uses all of it

class OpenFiles : public ::testing::TestWithParam<StoreKind> {
 protected:
  HttpResponse post(HttpClient& client, const std::string& device) {
    return client.post("/status", Report{.device_id = device}.json());
  }

  std::chrono::milliseconds used_while_idle() {
    const auto before = processor_time(service_.pid());
    const auto began = std::chrono::steady_clock::now();
    EXPECT_TRUE(wait_until([&] { return since(began) >= observed; }, 2 * observed, 10ms));
    return processor_time(service_.pid()) - before;
  }

  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(OpenFiles, may_run_out) {
  Figures figures(
      8, std::to_string(connections) + " connections, 256 open files, " + ::testing::PrintToString(GetParam()));
  service_.limit_open_files(file_limit);
  service_.start();
  std::deque<HttpClient> clients;
  for (int i = 0; i < connections; ++i) clients.emplace_back(service_.port(), 5s);
  // Those that came first are served, the others wait in the queue of the socket.
  EXPECT_EQ(post(clients.front(), "first").status, 200);
  const auto files = open_files(service_.pid());
  const auto used = used_while_idle();
  EXPECT_EQ(clients.front().get("/status/first").status, 200);
  EXPECT_EQ(clients.front().get("/status/first/history").status, 200);

  // Each that goes lets one in.
  for (int i = 0; i < connections / 2; ++i) clients.pop_front();
  int served = 0;
  for (int i = 0; i < 100; ++i, clients.pop_front()) served += post(clients.front(), "later").status == 200;
  clients.clear();
  HttpClient last(service_.port(), 5s);
  EXPECT_EQ(post(last, "last").status, 200);
  EXPECT_EQ(last.get("/status/last/history").status, 200);
  EXPECT_EQ(last.get("/health/ready").status, 200);
  EXPECT_EQ(service_.terminate(), 0);
  figures.note("files open", files);
  figures.at_most("processor time in an idle second", used, idle_processor_time);
  figures.exactly("of 100 that waited served", served, 100);
}

UBIETY_WITH_EACH_STORE(OpenFiles);

}  // namespace
}  // namespace ubiety::test
