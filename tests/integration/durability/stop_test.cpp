// A stop does not wait for clients that have nothing under way.
#include <gtest/gtest.h>
#include <signal.h>

#include "support/http_client.hpp"
#include "support/service_process.hpp"
#include "support/store_kind.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Stop : public ::testing::TestWithParam<StoreKind> {
 protected:
  ServiceProcess service_{with_new_database(GetParam())};
};

TEST_P(Stop, is_quick_with_idle_and_half_finished_clients) {
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
