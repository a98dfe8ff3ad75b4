// How long a client may take to send: HEAD_TIMEOUT, BODY_TIMEOUT and IDLE_TIMEOUT.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/process_figures.hpp"
#include "support/sqlite_lock.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

constexpr auto head_timeout = 1s, body_timeout = 2s, idle_timeout = 2s;
constexpr auto grace = 900ms;  // two ticks, and a machine that has other things to do
constexpr auto drip_interval = 20ms;

const std::string part_of_a_head = "GET /health/live HTTP/1.1\r\nHost: a\r\nSlow: ";
const std::string post_head = "POST /status HTTP/1.1\r\nHost: a\r\n";

std::unique_ptr<ServiceProcess> start_service() {
  auto service = std::make_unique<ServiceProcess>(Environment{{"HEAD_TIMEOUT", std::to_string(head_timeout.count())},
                                                              {"BODY_TIMEOUT", std::to_string(body_timeout.count())},
                                                              {"IDLE_TIMEOUT", std::to_string(idle_timeout.count())},
                                                              {"CORS_ORIGINS", "https://a.example"}});
  service->start();
  return service;
}

class Stopwatch {
 public:
  std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
  }

  void expect(std::chrono::milliseconds limit) const {
    EXPECT_GE(elapsed(), limit);
    EXPECT_LE(elapsed(), time_limit(limit + grace));
  }

 private:
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

class Deadlines : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { running_ = start_service(); }
  static void TearDownTestSuite() {
    EXPECT_EQ(running_->terminate(), 0) << running_->log();
    running_.reset();
  }

  ServiceProcess& service_ = *running_;

 private:
  static std::unique_ptr<ServiceProcess> running_;
};

std::unique_ptr<ServiceProcess> Deadlines::running_;

// Sends the bytes again and again until an answer comes.
HttpResponse drip(HttpClient& client, std::string_view bytes) {
  for (const Stopwatch time; time.elapsed() < time_limit(10s);) {
    try {
      client.send_raw(bytes);
      return client.read_response();
    } catch (const ConnectionClosed&) {
      throw;
    } catch (const HttpError&) {  // no answer yet: the client's patience is the interval
    }
  }
  throw HttpError("no answer");
}

// Clients mostly wait: all at once.
void side_by_side(const std::vector<std::pair<const char*, std::function<void()>>>& clients) {
  std::vector<std::future<void>> running;
  for (const auto& client : clients)
    running.push_back(std::async(std::launch::async, [&client] {
      SCOPED_TRACE(client.first);
      client.second();
    }));
  for (auto& client : running) EXPECT_NO_THROW(client.get());
}

void expect_408(const HttpResponse& response, std::string_view detail) {
  EXPECT_EQ(response.status, 408);
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(Json(response.body)["detail"].text(), detail);
}

TEST_F(Deadlines, hold_for_each_part_of_a_request_and_for_silence) {
  side_by_side({
      {"a head that comes in drips",
       [this] {
         HttpClient client(service_.port(), drip_interval);
         const Stopwatch time;
         client.send_raw(part_of_a_head);
         expect_408(drip(client, "a"), "The request head took too long");
         time.expect(head_timeout);
       }},
      {"a head behind an answer: from its first byte on",
       [this] {
         HttpClient client(service_.port(), drip_interval);
         EXPECT_EQ(client.get("/health/live").status, 200);
         wait_until_moment(std::chrono::steady_clock::now() + head_timeout + grace);
         const Stopwatch time;
         client.send_raw(part_of_a_head);
         expect_408(drip(client, "a"), "The request head took too long");
         time.expect(head_timeout);
       }},
      {"a body with a length",
       [this] {
         HttpClient client(service_.port(), drip_interval);
         const Stopwatch time;
         client.send_raw(post_head + "Content-Length: 60000\r\n\r\n");
         expect_408(drip(client, "a"), "The request body took too long");
         time.expect(body_timeout);
       }},
      {"a chunked body",
       [this] {
         HttpClient client(service_.port(), drip_interval);
         const Stopwatch time;
         client.send_raw(post_head + "Transfer-Encoding: chunked\r\n\r\n");
         expect_408(drip(client, "1\r\na\r\n"), "The request body took too long");
         time.expect(body_timeout);
       }},
      {"a client that waits for 100 and then sends nothing",
       [this] {
         HttpClient client(service_.port());
         client.send_raw(post_head + "Content-Length: 60000\r\nExpect: 100-continue\r\n\r\n");
         const auto answers = client.read_until_close();
         EXPECT_TRUE(answers.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408 ")) << answers;
       }},
      {"a request that is late is not run",
       [this] {
         const auto device = fresh_device();
         const auto request = format_request("a", "POST", "/status", {}, Report{.device_id = device}.json());
         HttpClient client(service_.port());
         client.send_raw(request.substr(0, request.size() - 1));
         expect_408(client.read_response(), "The request body took too long");
         client.send_raw(request.substr(request.size() - 1) + request);
         EXPECT_TRUE(client.is_closed_by_server());
         EXPECT_EQ(HttpClient(service_.port()).get("/status/" + device).status, 404);
       }},
      {"silence after an answer",
       [this] {
         HttpClient client(service_.port());
         EXPECT_EQ(client.get("/health/live").status, 200);
         const Stopwatch time;
         EXPECT_EQ(client.read_until_close(), "");
         time.expect(idle_timeout);
       }},
      {"silence after connecting",
       [this] {
         const Stopwatch time;
         HttpClient client(service_.port());
         EXPECT_EQ(client.read_until_close(), "");
         time.expect(head_timeout);
       }},
      {"the request before is answered",
       [this] {
         HttpClient client(service_.port());
         client.send_raw(format_request("a", "GET", "/health/live") + part_of_a_head);
         EXPECT_EQ(client.read_response().status, 200);
         expect_408(client.read_response(), "The request head took too long");
         EXPECT_TRUE(client.is_closed_by_server());
       }},
  });
}

TEST_F(Deadlines, do_not_count_the_time_of_an_answer) {
  SqliteLock lock(service_.folder() / "data/ubiety.db");
  const auto post = format_request("a", "POST", "/status", {}, Report{.device_id = fresh_device()}.json());
  const auto get = format_request("a", "GET", "/health/live");
  HttpClient client(service_.port());
  client.send_raw(post + get.substr(0, get.size() / 2));
  wait_until_moment(std::chrono::steady_clock::now() + head_timeout + grace);
  lock.release();
  EXPECT_EQ(client.read_response().status, 200);
  client.send_raw(get.substr(get.size() / 2));
  EXPECT_EQ(client.read_response().status, 200);
}

TEST_F(Deadlines, let_a_slow_but_honest_upload_live) {
  const auto body = ndjson_of(std::vector<std::string>(1000, Report{.device_id = fresh_device()}.json()));
  HttpClient client(service_.port());
  client.send_raw("POST /status/batch HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n");
  const auto began = std::chrono::steady_clock::now();
  constexpr std::size_t parts = 30;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto begin = body.size() * part / parts, end = body.size() * (part + 1) / parts;
    client.send_raw(std::string_view(body).substr(begin, end - begin));
    wait_until_moment(began + (part + 1) * (std::chrono::milliseconds{body_timeout} * 3 / 4) / parts);
  }
  EXPECT_EQ(client.read_response().status, 200);
}

TEST_F(Deadlines, are_answered_as_everything_else_is) {
  HttpClient client(service_.port());
  client.send_raw(part_of_a_head);
  const auto response = client.read_response();
  EXPECT_FALSE(response.header("X-Request-ID").empty());
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.header("Vary"), "Origin");

  HttpClient head(service_.port());
  head.send_raw("HEAD /health/live HTTP/1.1\r\nHost: a\r\n");
  EXPECT_EQ(head.read_response(true).status, 408);
  EXPECT_TRUE(head.is_closed_by_server());
}

TEST_F(Deadlines, are_counted) {
  const auto before = scrape(service_.port());
  HttpClient head(service_.port()), body(service_.port()), idle(service_.port());
  head.send_raw(part_of_a_head);
  body.send_raw(post_head + "Content-Length: 60000\r\n\r\n");
  EXPECT_EQ(head.read_response().status, 408);
  EXPECT_EQ(body.read_response().status, 408);
  EXPECT_EQ(idle.read_until_close(), "");
  const auto after = scrape(service_.port());
  for (const auto* const reason : {"late-head", "late-body"}) {
    const auto name = "ubiety_http_refused_requests_total{reason=\"" + std::string(reason) + "\"}";
    ASSERT_TRUE(after.contains(name)) << name;
    EXPECT_EQ(after.at(name) - before.at(name), 1) << name;
  }
}

// Of four kinds: silent from the start, silent after an answer, with half a head, with half a body.
void wait_for_the_end_of(int connections, ServiceProcess& service) {
  const auto files = open_files(service.pid());
  std::deque<HttpClient> clients;
  for (int i = 0; i < connections; ++i) {
    auto& client = clients.emplace_back(service.port());
    if (i % 4 == 1) client.get("/health/live");
    if (i % 4 == 2) client.send_raw(part_of_a_head);
    if (i % 4 == 3) client.send_raw(post_head + "Content-Length: 60000\r\n\r\n" + std::string(10'000, 'a'));
  }
  EXPECT_GE(open_files(service.pid()), files + static_cast<std::size_t>(connections) / 2)
      << "they were not all there at a time";
  constexpr auto lingering = 2s;
  EXPECT_TRUE(wait_until([&] { return open_files(service.pid()) <= files; }, idle_timeout + lingering + grace));
  for (int i = 0; i < connections; ++i) {
    const auto answer = clients[static_cast<std::size_t>(i)].read_until_close();
    EXPECT_TRUE(i % 4 < 2 ? answer.empty() : answer.starts_with("HTTP/1.1 408 ")) << i << answer;
  }
}

TEST_F(Deadlines, give_everything_back) {
  EXPECT_EQ(HttpClient(service_.port()).get("/health/live").status, 200);
  wait_for_the_end_of(2000, service_);
  // The allocator keeps for a while what was freed, and uses it again, more or less.
  constexpr std::size_t kilobytes_of_half_of_them = 20 * 1024;
  const auto memory = resident_kilobytes(service_.pid());
  wait_for_the_end_of(2000, service_);
  if (memory_is_judged) {
    EXPECT_LE(resident_kilobytes(service_.pid()), memory + kilobytes_of_half_of_them);
  }
}

}  // namespace
}  // namespace ubiety::test
