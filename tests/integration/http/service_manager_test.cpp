// ubietyd under a service manager: what it says by sd_notify(3), received on a socket of the test's own.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "support/file_descriptor.hpp"
#include "support/json.hpp"
#include "support/postgres_server.hpp"
#include "support/service_process.hpp"
#include "support/time_limit.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

constexpr auto watchdog = 600ms;

// The manager's end of NOTIFY_SOCKET.
class NotifySocket {
 public:
  // `name` is a path, or begins with @ for one without a file.
  explicit NotifySocket(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), std::begin(address.sun_path));
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    if (::bind(socket_.number(), reinterpret_cast<const sockaddr*>(&address), size) != 0)
      throw std::runtime_error("cannot bind " + name);
  }

  std::optional<std::string> receive(std::chrono::milliseconds timeout) {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    const timeval time{.tv_sec = whole.count(), .tv_usec = std::chrono::microseconds(timeout - whole).count()};
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    char text[512];
    const auto size = ::recv(socket_.number(), text, sizeof text, 0);
    if (size < 0) return std::nullopt;
    return std::string(text, static_cast<std::size_t>(size));
  }

  // Whether it comes, with whatever else before it.
  bool hears(std::string_view wanted, std::chrono::milliseconds timeout = 20s) {
    const auto deadline = std::chrono::steady_clock::now() + time_limit(timeout);
    for (auto left = time_limit(timeout); left > 0ms;
         left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())) {
      const auto text = receive(left);
      if (!text) return false;
      if (text->find(wanted) != std::string::npos) return true;
    }
    return false;
  }

  void forget() {
    while (receive(1ms)) {
    }
  }

 private:
  FileDescriptor socket_;
};

// A thread of another process, which stands still while this object lives.
class HeldThread {
 public:
  explicit HeldThread(pid_t thread) : thread_(thread) {
    held_ = ::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) == 0 &&
            ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) == 0 && ::waitpid(thread, nullptr, __WALL) == thread;
  }
  ~HeldThread() { ::ptrace(PTRACE_DETACH, thread_, nullptr, nullptr); }
  HeldThread(const HeldThread&) = delete;
  HeldThread& operator=(const HeldThread&) = delete;

  bool is_held() const { return held_; }

 private:
  pid_t thread_;
  bool held_ = false;
};

std::vector<pid_t> threads_of(pid_t process) {
  std::vector<pid_t> threads;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task"))
    threads.push_back(std::stoi(entry.path().filename()));
  return threads;
}

class ManagedService : public ::testing::Test {
 protected:
  ManagedService() {
    service_.settings()["NOTIFY_SOCKET"] = path_;
    service_.settings()["MAX_WORKERS"] = "1";
  }

  void ask_for_watchdog() {
    service_.settings()["WATCHDOG_USEC"] = std::to_string(std::chrono::microseconds(watchdog).count());
  }

  TemporaryDirectory folder_;
  const std::string path_ = folder_.path() / "notify";
  NotifySocket manager_{path_};
  ServiceProcess service_;
};

TEST_F(ManagedService, tells_that_it_serves_and_that_it_stops) {
  service_.start();
  EXPECT_EQ(manager_.receive(20s), "READY=1");
  EXPECT_EQ(manager_.receive(20s), "STATUS=Serving");
  EXPECT_FALSE(manager_.receive(1200ms)) << "it was not asked for a watchdog";
  EXPECT_EQ(service_.terminate(), 0);
  EXPECT_TRUE(manager_.hears("STOPPING=1"));
  EXPECT_FALSE(manager_.receive(1ms));
}

TEST_F(ManagedService, knows_sockets_without_a_file) {
  const auto name = "@ubiety-test-" + std::to_string(service_.port());
  NotifySocket manager(name);
  service_.settings()["NOTIFY_SOCKET"] = name;
  service_.start();
  EXPECT_EQ(manager.receive(20s), "READY=1");
}

TEST_F(ManagedService, is_not_ready_before_its_store) {
  PostgresServer postgres;
  service_.settings()["DATABASE_URL"] = postgres.url();
  service_.start_unready();
  const auto first = manager_.receive(20s);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->starts_with("STATUS=Answering 503")) << *first;
  EXPECT_FALSE(manager_.receive(1200ms));
  postgres.start();
  EXPECT_EQ(manager_.receive(20s), "READY=1");
  EXPECT_EQ(manager_.receive(20s), "STATUS=Serving");
  postgres.stop();
  EXPECT_TRUE(manager_.hears("STATUS=Answering 503"));
}

TEST_F(ManagedService, leaves_a_watchdog_alone_that_is_for_another_process) {
  ask_for_watchdog();
  service_.settings()["WATCHDOG_PID"] = "1";
  service_.start();
  EXPECT_TRUE(manager_.hears("STATUS=Serving"));
  EXPECT_FALSE(manager_.receive(2 * watchdog));
}

// With one worker for all shards two threads carry every request: the loop and the worker.
TEST_F(ManagedService, beats_only_while_the_loop_and_the_shards_live) {
  ask_for_watchdog();
  service_.start();
  int needed = 0;
  for (const auto thread : threads_of(service_.pid())) {
    ASSERT_TRUE(manager_.hears("WATCHDOG=1"));
    {
      const HeldThread held(thread);
      if (!held.is_held()) GTEST_SKIP() << "this machine lets nobody hold a thread";
      manager_.forget();
      // The first may have been on its way.
      manager_.hears("WATCHDOG=1", watchdog / 2);
      needed += manager_.hears("WATCHDOG=1", 3 * watchdog) ? 0 : 1;
    }
  }
  EXPECT_EQ(needed, 2);
  EXPECT_TRUE(manager_.hears("WATCHDOG=1"));
}

}  // namespace
}  // namespace ubiety::test
