#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "support/batch.hpp"
#include "support/http_client.hpp"
#include "support/metrics.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

// Its summary is longer than what the kernel takes for both sides.
constexpr int devices = 80'000;
constexpr int devices_in_a_batch = 10'000;

class UnreadSummary : public ::testing::Test {
 protected:
  explicit UnreadSummary(const std::string& most_bytes = "1048576")
      : service_(Environment{{"MAX_UNREAD_BYTES", most_bytes}}) {
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
  }

  HttpResponse ask(const std::string& query, std::string_view method = "GET", const Headers& fields = {}) {
    return HttpClient(service_.port()).request(method, "/status/summary" + query, fields);
  }

  double unread() { return scrape(service_.port()).at("ubiety_unread_bytes"); }

  // A client that asks and does not read.
  void leave_unread(const std::string& query) {
    reader_.emplace(service_.port());
    reader_->send_raw(format_request("a", "GET", "/status/summary" + query));
    EXPECT_TRUE(wait_until([&] { return unread() > 0; }, 20s));
  }

  ServiceProcess service_;
  std::optional<HttpClient> reader_;
};

TEST_F(UnreadSummary, keeps_others_from_one_until_it_is_read) {
  for (const std::string query : {"", "?online=true", "?limit=80000"}) {
    const auto tag = ask("").header("ETag");
    EXPECT_EQ(ask(query).status, 200) << "one alone may be larger than the limit";
    EXPECT_TRUE(wait_until([&] { return unread() == 0; }, 20s));
    leave_unread(query);
    for (const auto* other : {"", "?online=true", "?limit=10", "?prefix=device-1"}) {
      const auto refused = ask(other);
      EXPECT_EQ(refused.status, 503) << other;
      EXPECT_THAT(refused.body, ::testing::HasSubstr("MAX_UNREAD_BYTES"));
      EXPECT_NE(refused.header("Retry-After"), "");
    }
    EXPECT_EQ(ask("", "GET", {{"If-None-Match", tag}}).status, 304) << "it holds nothing";
    EXPECT_EQ(HttpClient(service_.port()).post("/status", Report{.device_id = "device-0"}.json()).status, 200);
    const auto read = reader_->read_response();
    EXPECT_EQ(read.status, 200);
    EXPECT_TRUE(wait_until([&] { return unread() == 0; }, 20s)) << query;
  }
}

TEST_F(UnreadSummary, is_given_up_when_its_client_goes) {
  for (const std::string query : {"", "?online=true", "?limit=80000"}) {
    leave_unread(query);
    reader_.reset();
    EXPECT_TRUE(wait_until([&] { return unread() == 0; }, 20s)) << query;
  }
}

// There is room for two of them.
class SharedSummary : public UnreadSummary {
 protected:
  SharedSummary() : UnreadSummary("33554432") {}
};

TEST_F(SharedSummary, is_of_all_who_ask_the_same_while_another_is_made) {
  std::deque<HttpClient> clients;
  for (int i = 0; i < 40; ++i) clients.emplace_back(service_.port());
  for (auto& client : clients) client.send_raw(format_request("a", "GET", "/status/summary?online=true"));
  const auto first = clients.front().read_response();
  EXPECT_GT(first.body.size(), 7'000'000u);
  int served = 1;
  for (std::size_t i = 1; i < clients.size(); ++i) {
    const auto response = clients[i].read_response();
    if (response.status != 200) continue;
    ++served;
    EXPECT_EQ(response.body, first.body) << i;
  }
  EXPECT_GT(served, 10) << "each with bytes of its own there would be room for two";
}

}  // namespace
}  // namespace ubiety::test
