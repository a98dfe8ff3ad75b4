// SIGTERM under load: what was accepted is finished and answered.
#include <gtest/gtest.h>
#include <signal.h>

#include <random>

#include "support/http_client.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"
#include "support/verification.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Stop : public ::testing::TestWithParam<StoreKind> {
 protected:
  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(Stop, under_load_loses_no_accepted_request) {
  std::mt19937 random(new_seed());
  for (int round = 0; round < 5; ++round) {
    SCOPED_TRACE("stop " + std::to_string(round));
    service_.start();
    RecordedLoad load(service_.port(), "stop" + std::to_string(round), static_cast<std::uint32_t>(random()));
    const auto moment = std::uniform_int_distribution<std::size_t>(1, 3000)(random);
    EXPECT_TRUE(wait_until([&] { return load.stored() >= moment; }, 20s, 1ms)) << load.stored() << " of " << moment;
    EXPECT_EQ(service_.terminate(), 0) << service_.log();
    const auto recording = load.finish();

    service_.start();
    // A connection may end without an answer only if its request was not taken in.
    EXPECT_EQ(verify(service_.port(), recording).unanswered, 0u);
    EXPECT_EQ(service_.terminate(), 0);
  }
}

TEST_P(Stop, with_idle_and_half_finished_clients_is_quick) {
  for (const int signal : {SIGTERM, SIGINT}) {
    service_.start();
    HttpClient idle(service_.port()), kept(service_.port()), halfway(service_.port());
    EXPECT_EQ(kept.get("/health/live").status, 200);
    halfway.send_raw("POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
    EXPECT_EQ(kept.get("/health/live").status, 200);
    service_.process().send_signal(signal);
    const auto status = service_.process().wait(5s);
    ASSERT_TRUE(status.has_value()) << "still running";
    EXPECT_EQ(status->code, 0);
    for (auto* client : {&idle, &kept, &halfway}) EXPECT_NO_THROW(client->read_until_close());
  }
}

UBIETY_WITH_EACH_STORE(Stop);

}  // namespace
}  // namespace ubiety::test
