// Stops that may not wait: at a second signal, and when the database does not come back from a call.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>

#include "support/http_client.hpp"
#include "support/postgres_server.hpp"
#include "support/report.hpp"
#include "support/service_log.hpp"
#include "support/service_process.hpp"
#include "support/time_limit.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

// A PostgreSQL whose processes all stand still while this object lives.
class Frozen {
 public:
  explicit Frozen(PostgresServer& server) : server_(server) { signal_all(SIGSTOP); }
  ~Frozen() { signal_all(SIGCONT); }
  Frozen(const Frozen&) = delete;
  Frozen& operator=(const Frozen&) = delete;

 private:
  // The postmaster first, so that it starts no others; then its children, by their parent's number.
  void signal_all(int signal) {
    ::kill(server_.pid(), signal);
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const auto stat = read_file(entry.path() / "stat");
      const auto after_name = stat.rfind(") ");
      if (after_name == std::string::npos) continue;
      const auto parent = std::stoi(stat.substr(after_name + 4));
      if (parent == server_.pid()) ::kill(std::stoi(entry.path().filename().string()), signal);
    }
  }

  PostgresServer& server_;
};

class StopAtOnce : public ::testing::Test {
 protected:
  StopAtOnce() {
    server_.start();
    auto& settings = service_.settings();
    settings["DATABASE_URL"] = server_.create_database("frozen");
    settings["SHUTDOWN_TIMEOUT"] = settings["REQUEST_TIMEOUT"] = "1";
    service_.start();
  }

  // A report that waits for the frozen database.
  void leave_a_report_waiting() {
    client_ = std::make_unique<HttpClient>(service_.port());
    const auto body = Report{.device_id = "waiting"}.json();
    client_->send_raw("POST /status HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_EQ(client_->read_response().status, 503);
  }

  void pause_and_resume() {
    const auto is_paused = [pid = service_.pid()] {
      const auto stat = read_file("/proc/" + std::to_string(pid) + "/stat");
      return stat.find(") T ") != std::string::npos;
    };
    ::kill(service_.pid(), SIGSTOP);
    EXPECT_TRUE(wait_until([&] { return is_paused() || !service_.is_running(); }, 5s, 1ms));
    ::kill(service_.pid(), SIGCONT);
    EXPECT_TRUE(wait_until([&] { return !is_paused(); }, 5s, 1ms));
  }

  std::chrono::milliseconds time_to_end() {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(wait_until([&] { return !service_.is_running(); }, 10s));
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  }

  PostgresServer server_;
  ServiceProcess service_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(StopAtOnce, comes_when_the_database_does_not_come_back) {
  const Frozen frozen(server_);
  leave_a_report_waiting();
  ::kill(service_.pid(), SIGTERM);
  EXPECT_LT(time_to_end(), time_limit(5s));
  EXPECT_NE(service_.log().find("the stop takes too long"), std::string::npos) << service_.log();
}

// As by Ctrl-Z and fg, or by a debugger: that interrupts waits, which is neither a signal to us nor the end of the
// time.
TEST_F(StopAtOnce, does_not_come_of_a_pause) {
  const Frozen frozen(server_);
  leave_a_report_waiting();
  ::kill(service_.pid(), SIGTERM);
  ASSERT_TRUE(wait_for_log(service_, "stopping"));
  // Many times, for one may come before there is a wait to interrupt.
  for (int i = 0; i < 20 && service_.is_running(); ++i) pause_and_resume();
  EXPECT_GT(time_to_end(), 1s) << "it has three";
  EXPECT_NE(service_.log().find("the stop takes too long"), std::string::npos) << service_.log();
}

TEST_F(StopAtOnce, comes_at_a_second_signal) {
  const Frozen frozen(server_);
  leave_a_report_waiting();
  ::kill(service_.pid(), SIGTERM);
  ASSERT_TRUE(wait_for_log(service_, "stopping"));
  ::kill(service_.pid(), SIGTERM);
  EXPECT_LT(time_to_end(), time_limit(1s));
  EXPECT_NE(service_.log().find("a second signal"), std::string::npos) << service_.log();
}

}  // namespace
}  // namespace ubiety::test
