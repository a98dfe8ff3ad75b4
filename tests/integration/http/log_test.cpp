// What operators read: the access log, and a level that changes while the service runs.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <optional>
#include <sstream>

#include "integration/http/shared_service.hpp"
#include "support/child_process.hpp"
#include "support/http_client.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/report.hpp"
#include "support/service_process.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Log : public ::testing::Test {
 protected:
  void start(const Environment& settings) {
    service_.settings()["LOG_FORMAT"] = "json";
    for (const auto& [name, value] : settings) service_.settings()[name] = value;
    service_.start();
  }
  // All lines so far, each of which has to be one JSON object.
  std::vector<Json> lines() {
    std::vector<Json> all;
    std::istringstream text(service_.log());
    for (std::string line; std::getline(text, line);) all.emplace_back(line);
    return all;
  }
  // The line of the request that had this id.
  std::optional<Json> line_of(const std::string& request_id) {
    for (auto& line : lines())
      if (line["event"].text() == "request" && line["request_id"].text() == request_id) return line;
    return std::nullopt;
  }
  bool has_event(const std::string& event) { return service_.log().find("\"" + event + "\"") != std::string::npos; }

  ServiceProcess service_;
};

TEST_F(Log, has_a_line_of_each_request_when_that_is_wanted) {
  start({{"ACCESS_LOG", "true"}, {"TRUSTED_PROXIES", "127.0.0.1"}});
  HttpClient client(service_.port());
  client.request(
      "GET", "/status/d1?secret=x",
      {{"X-Request-ID", "one"}, {"User-Agent", "curl"}, {"X-Forwarded-For", "192.0.2.1"}, {"X-API-Key", "k"}});
  ASSERT_TRUE(wait_until([&] { return line_of("one").has_value(); }, 5s));
  auto line = line_of("one").value();
  EXPECT_EQ(line["level"].text(), "info");
  EXPECT_EQ(line["method"].text(), "GET");
  EXPECT_EQ(line["route"].text(), "/status/{device_id}");
  EXPECT_EQ(line["path"].text(), "/status/d1");
  EXPECT_EQ(line["client"].text(), "192.0.2.1");
  EXPECT_EQ(line["user_agent"].text(), "curl");
  EXPECT_NE(service_.log().find("\"status\":404"), std::string::npos);
  EXPECT_EQ(service_.log().find("secret"), std::string::npos);
}

TEST_F(Log, is_one_object_a_line_whatever_clients_send) {
  start({{"ACCESS_LOG", "true"}});
  HttpClient client(service_.port());
  const std::vector<std::string> agents{"\"}{\"event\":\"forged\"",
                                        "\\\",\\",
                                        "\x1b[31mred",
                                        "\xff\xfe",
                                        "\xe2\x80\xaereversed",
                                        "\xc2\x9b"
                                        "31m",
                                        std::string(5000, 'x')};
  for (const auto& agent : agents) {
    HttpClient one(service_.port());  // the gate closes after what it refuses
    one.send_raw(format_request("a", "GET", "/status/%0A%22", {{"User-Agent", agent}}));
    one.read_response();
  }
  client.request("GET", "/health", {{"X-Request-ID", "last"}});
  ASSERT_TRUE(wait_until([&] { return line_of("last").has_value(); }, 5s));
  std::size_t requests = 0;
  for (auto& line : lines()) {
    EXPECT_NE(line["event"].text(), "forged");
    requests += line["event"].text() == "request";
  }
  EXPECT_GE(requests, 2u);
  for (const auto* treacherous : {"\x1b", "\xff", "\xe2\x80\xae", "\xc2\x9b"})
    EXPECT_EQ(service_.log().find(treacherous), std::string::npos);
  EXPECT_EQ(service_.log().find(std::string(257, 'x')), std::string::npos);
}

TEST_F(Log, has_no_line_of_requests_by_default) {
  start({});
  HttpClient(service_.port()).get("/health");
  EXPECT_EQ(service_.terminate(), 0);
  EXPECT_FALSE(has_event("request"));
}

TEST_F(Log, changes_its_level_at_SIGUSR1_and_back) {
  start({{"ACCESS_LOG", "true"}, {"LOG_LEVEL", "ERROR"}});
  HttpClient client(service_.port());
  const auto is_logged = [&](const std::string& id) {
    client.request("GET", "/health", {{"X-Request-ID", id}});
    return wait_until([&] { return line_of(id).has_value(); }, 200ms);
  };
  EXPECT_FALSE(is_logged("a"));
  ::kill(service_.pid(), SIGUSR1);
  EXPECT_TRUE(wait_until([&] { return is_logged("b"); }, 5s));
  ::kill(service_.pid(), SIGUSR1);
  int attempt = 0;
  EXPECT_TRUE(wait_until([&] { return !is_logged("c" + std::to_string(attempt++)); }, 5s));
  EXPECT_EQ(service_.terminate(), 0);
}

// Standard error is a pipe whose reader does not read.
class UnreadLog : public ::testing::Test {
 protected:
  UnreadLog() {
    const auto pipe = folder_.path() / "pipe";
    EXPECT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    reader_ = FileDescriptor(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    Environment environment = basic_environment();
    environment.insert({{"HOST", "127.0.0.1"}, {"PORT", std::to_string(port_.number())}, {"ACCESS_LOG", "true"}});
    const auto ubietyd =
        std::filesystem::read_symlink("/proc/" + std::to_string(shared_service().pid()) + "/exe").string();
    service_.emplace(Command{{"/bin/sh", "-c", "exec \"$0\" 2>pipe", ubietyd},
                             environment,
                             folder_.path(),
                             folder_.path() / "service",
                             {},
                             {}});
    EXPECT_TRUE(wait_until([this] { return is_ready(); }, 20s));
  }

  bool is_ready() const {
    try {
      return HttpClient(port_.number()).get("/health/ready").status == 200;
    } catch (const HttpError&) {
      return false;
    }
  }

  TemporaryDirectory folder_;
  FreePort port_;
  FileDescriptor reader_;
  std::optional<ChildProcess> service_;
};

TEST_F(UnreadLog, stops_nothing_and_loses_lines_that_are_counted) {
  HttpClient client(port_.number());
  const std::string target = "/nowhere/" + std::string(300, 'x');
  const Headers headers{{"User-Agent", std::string(300, 'y')}};
  const auto are_dropped = [&] {
    for (int i = 0; i < 1'000; ++i) EXPECT_EQ(client.request("GET", target, headers).status, 404);
    return scrape(port_.number()).at("ubiety_log_dropped_lines_total") > 0;
  };
  EXPECT_TRUE(wait_until(are_dropped, 60s));
  EXPECT_EQ(client.post("/status", Report{.device_id = "a"}.json()).status, 200);
  service_->send_signal(SIGTERM);
  const auto status = service_->wait(20s);
  ASSERT_TRUE(status);
  EXPECT_TRUE(status->is_success());
}

}  // namespace
}  // namespace ubiety::test
