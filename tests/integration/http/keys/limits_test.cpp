// Limits for those with a key, and for those without a good one.
#include <gtest/gtest.h>

#include "integration/http/keys/keyed_service.hpp"
#include "support/metrics.hpp"

namespace ubiety::test {
namespace {

class KeyLimits : public ::testing::Test {
 protected:
  KeyedService& start(const Environment& settings) {
    for (const auto& [name, value] : settings) service_.process().settings()[name] = value;
    service_.start();
    return service_;
  }
  int status_from(const std::string& address, const std::string& key) {
    return service_.status_with({{"X-Forwarded-For", address}, {"X-API-Key", key}});
  }

  KeyedService service_{StoreKind::sqlite};
  const std::string reader_ = service_.create("read").text, other_reader_ = service_.create("read").text;
};

TEST_F(KeyLimits, count_by_key_wherever_it_is_used) {
  start({{"RATE_LIMIT_REQUESTS", "2"}, {"TRUSTED_PROXIES", "127.0.0.1"}});
  EXPECT_EQ(status_from("192.0.2.1", reader_), 404);
  EXPECT_EQ(status_from("192.0.2.2", reader_), 404);
  EXPECT_EQ(status_from("192.0.2.3", reader_), 429) << "another address is no other client";
  EXPECT_EQ(status_from("192.0.2.3", other_reader_), 404) << "nor is another key of one address the same";
  const auto response = service_.get("/status/a", other_reader_);
  EXPECT_EQ(response.header("RateLimit-Remaining"), "0");
  EXPECT_EQ(service_.get("/status/a", other_reader_).status, 429);
}

TEST_F(KeyLimits, count_a_key_that_is_not_for_what_is_asked) {
  start({{"RATE_LIMIT_REQUESTS", "2"}});
  EXPECT_EQ(service_.post_report(reader_, "a").status, 403);
  EXPECT_EQ(service_.post_report(reader_, "a").header("RateLimit-Remaining"), "0");
  EXPECT_EQ(service_.post_report(reader_, "a").status, 429);
  EXPECT_EQ(service_.get("/status/a", reader_).status, 429);
}

TEST_F(KeyLimits, count_by_address_where_no_key_is_asked_for) {
  start({{"RATE_LIMIT_REQUESTS", "2"}});
  EXPECT_EQ(service_.get("/nowhere").status, 404);
  EXPECT_EQ(service_.get("/nowhere").status, 404);
  EXPECT_EQ(service_.get("/nowhere").status, 429);
  EXPECT_TRUE(service_.lets_in(reader_)) << "a key has a budget of its own";
}

TEST_F(KeyLimits, allow_few_failed_authentications) {
  start({{"AUTH_FAILURE_LIMIT", "3"}, {"TRUSTED_PROXIES", "127.0.0.1"}});
  const auto attempt = [&](const std::string& address, const Headers& key) {
    Headers fields{{"X-Forwarded-For", address}};
    fields.insert(fields.end(), key.begin(), key.end());
    return HttpClient(service_.process().port()).request("GET", "/status/never-seen", fields);
  };
  EXPECT_EQ(attempt("192.0.2.1", {}).status, 401);
  EXPECT_EQ(attempt("192.0.2.1", {{"X-API-Key", "guess"}}).status, 401);
  EXPECT_EQ(attempt("192.0.2.1", {{"X-API-Key", key_of_another_service()}}).status, 401);
  const auto refused = attempt("192.0.2.1", {{"Authorization", "Bearer guess"}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, R"({"detail":"Too many failed authentications"})");
  EXPECT_GE(std::stoi(refused.header("Retry-After")), 1);
  EXPECT_LE(std::stoi(refused.header("Retry-After")), 20);
  EXPECT_EQ(attempt("192.0.2.2", {}).status, 401) << "from elsewhere";
  EXPECT_EQ(status_from("192.0.2.1", reader_), 404) << "who has a good key does not pay for his neighbour";
  EXPECT_EQ(service_.get("/health").status, 200);
}

TEST_F(KeyLimits, do_not_count_a_key_of_another_scope_as_failed) {
  start({{"AUTH_FAILURE_LIMIT", "1"}});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(service_.post_report(reader_, "a").status, 403);
  EXPECT_EQ(service_.get("/status/a").status, 401);
  EXPECT_EQ(service_.get("/status/a").status, 429);
}

TEST_F(KeyLimits, allow_60_failed_authentications_a_minute_by_default) {
  service_.process().settings().erase("AUTH_FAILURE_LIMIT");
  service_.start();
  int refused = 0;
  HttpClient client(service_.process().port());
  for (int i = 0; i < 100; ++i)
    if (client.get("/status/a").status == 429) ++refused;
  EXPECT_GE(refused, 30) << "at one a second some come back meanwhile";
  EXPECT_LE(refused, 40);
}

TEST_F(KeyLimits, show_failed_authentications_as_a_metric) {
  start({{"AUTH_FAILURE_LIMIT", "4"}});
  service_.get("/status/a", reader_);
  service_.get("/status/a");
  for (int i = 0; i < 2; ++i) service_.get("/status/a", "guess");
  for (int i = 0; i < 3; ++i) service_.post_report(reader_, "a");
  const auto metrics = scrape(service_.process().port());
  EXPECT_EQ(metrics.at(R"(ubiety_auth_failures_total{reason="missing"})"), 1);
  EXPECT_EQ(metrics.at(R"(ubiety_auth_failures_total{reason="invalid"})"), 2);
  EXPECT_EQ(metrics.at(R"(ubiety_auth_failures_total{reason="insufficient_scope"})"), 3);
  EXPECT_EQ(metrics.at(R"(ubiety_http_requests_total{route="/status",method="POST",status="403"})"), 3);
}

}  // namespace
}  // namespace ubiety::test
