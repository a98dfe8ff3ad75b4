// How often one client may ask.
#include <gtest/gtest.h>

#include "support/http_client.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class RateLimit : public ::testing::Test {
 protected:
  void start(const Environment& settings) {
    for (const auto& [name, value] : settings) service_.settings()[name] = value;
    service_.start();
  }
  HttpResponse get_from(const std::string& forwarded_for) {
    return HttpClient(service_.port()).request("GET", "/status/summary", {{"X-Forwarded-For", forwarded_for}});
  }

  ServiceProcess service_;
};

TEST_F(RateLimit, refuses_what_is_beyond_it_and_says_when_to_come_back) {
  start({{"RATE_LIMIT_REQUESTS", "3"}, {"RATE_LIMIT_WINDOW", "60"}});
  HttpClient client(service_.port());
  for (const auto* remaining : {"2", "1", "0"}) {
    const auto response = client.post("/status", Report{.device_id = "d"}.json());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("RateLimit-Limit"), "3");
    EXPECT_EQ(response.header("RateLimit-Remaining"), remaining);
  }
  const auto response = client.post("/status", Report{.device_id = "d"}.json());
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.body, R"({"detail":"Rate limit exceeded"})");
  EXPECT_EQ(response.header("RateLimit-Remaining"), "0");
  EXPECT_GE(std::stoi(response.header("Retry-After")), 1);
  EXPECT_LE(std::stoi(response.header("Retry-After")), 20);
  EXPECT_GE(std::stoi(response.header("RateLimit-Reset")), std::stoi(response.header("Retry-After")));
  EXPECT_EQ(response.header("X-Frame-Options"), "DENY");
  EXPECT_EQ(HttpClient(service_.port()).get("/status/d").status, 429) << "another connection of the same client";
}

TEST_F(RateLimit, comes_back_with_time) {
  start({{"RATE_LIMIT_REQUESTS", "2"}, {"RATE_LIMIT_WINDOW", "1"}});
  HttpClient client(service_.port());
  while (client.get("/status/d").status != 429) continue;
  EXPECT_TRUE(wait_until([&] { return client.get("/status/d").status == 404; }, 5s));
}

TEST_F(RateLimit, leaves_health_checks_and_preflights_alone) {
  start({{"RATE_LIMIT_REQUESTS", "1"}, {"CORS_ORIGINS", "http://a.example"}});
  HttpClient client(service_.port());
  while (client.get("/status/d").status != 429) continue;
  for (const auto* target : {"/health", "/health/live", "/health/ready"}) {
    EXPECT_EQ(client.get(target).status, 200);
    EXPECT_EQ(client.get(target).count("RateLimit-Limit"), 0u);
  }
  const auto preflight =
      client.request("OPTIONS", "/status", {{"Origin", "http://a.example"}, {"Access-Control-Request-Method", "POST"}});
  EXPECT_EQ(preflight.status, 204);
  const auto refused = client.request("GET", "/status/d", {{"Origin", "http://a.example"}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "http://a.example") << "the page may read why";
}

TEST_F(RateLimit, believes_a_listed_proxy_only) {
  start({{"RATE_LIMIT_REQUESTS", "1"}, {"TRUSTED_PROXIES", "127.0.0.0/8"}});
  EXPECT_EQ(get_from("192.0.2.1").status, 200);
  EXPECT_EQ(get_from("192.0.2.1").status, 429);
  EXPECT_EQ(get_from("192.0.2.2").status, 200);
  EXPECT_EQ(get_from("192.0.2.99, 192.0.2.2").status, 429) << "the left one is the client's own word";
  EXPECT_EQ(get_from("2001:db8::1").status, 200);
  EXPECT_EQ(get_from("2001:db8::2").status, 429) << "of the same /64";
  // Some proxies add a line of their own, below the client's.
  const auto below = [&](const std::string& clients_word) {
    return HttpClient(service_.port())
        .request("GET", "/status/summary", {{"X-Forwarded-For", clients_word}, {"X-Forwarded-For", "192.0.2.2"}});
  };
  EXPECT_EQ(below("192.0.2.97").status, 429);
  EXPECT_EQ(below("192.0.2.98").status, 429);
  ASSERT_EQ(service_.terminate(), 0);

  start({{"TRUSTED_PROXIES", ""}});
  EXPECT_EQ(get_from("192.0.2.1").status, 200);
  EXPECT_EQ(get_from("192.0.2.2").status, 429) << "nobody is believed";
}

TEST_F(RateLimit, is_off_by_default) {
  start({});
  HttpClient client(service_.port());
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(client.get("/status/d").status, 404);
  EXPECT_EQ(client.get("/status/d").count("RateLimit-Limit"), 0u);
}

}  // namespace
}  // namespace ubiety::test
