// The process that runs the service: its signals, its memory, the user it runs as, and what it reports to systemd.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>

#include "config/environment.hpp"

namespace ubiety::program {

// The service sends it to itself to start over. SIGTERM would not do: an administrator may send that at the same time.
inline constexpr int start_over_signal = SIGUSR2;

struct Signals {
  sigset_t stop;     // SIGTERM and SIGINT
  sigset_t handled;  // these, SIGHUP, SIGUSR1 and start_over_signal
};

// Blocks the handled signals, so that only the functions below receive them, and ignores SIGPIPE. Call it before
// threads start, because threads inherit the mask.
Signals block_signals();

// Blocks until one of `signals` arrives, and returns it. The main thread.
int wait_for(const sigset_t& signals);

// Blocks until one of `signals` arrives, at most for `limit`. Returns whether one did. Any thread.
bool wait_within(std::chrono::nanoseconds limit, const sigset_t& signals);

// Returns freed pages to Linux. By itself jemalloc returns the pages of an arena only while a thread allocates from the
// arena, so the megabytes of a start would stay. Its background_thread costs 4 % of a report's processor time. Any
// thread.
void release_free_memory();

// Disables core dumps, and access to the memory by other processes of the same user: the buffers of requests and
// answers hold API keys and are not wiped. Throws std::system_error on failure. Call it before threads start.
void keep_memory_private();

// The service as a package installs it, whose store the administrator's commands use. The paths are those of
// deploy/systemd/ubietyd.service and cmake/Packaging.cmake. nullopt if no package installed this program, for example
// if it runs from its build folder.
std::optional<config::Installation> installation_of_this_program();

// Changes to the service's directory. As root, also changes to the user who owns it: files that the command creates
// then belong to the service, and PostgreSQL's peer authentication sees the service's user. Returns what went wrong,
// for a person. Call it before threads start.
std::optional<std::string> run_as_service(const config::Installation& installation);

// Notifies systemd by the protocol of sd_notify(3) that the service is ready, alive, or stopping. Does nothing if
// systemd did not start the process. stopping() on any thread, beat() on one.
class ServiceManager {
 public:
  // From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, as systemd sets them.
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  bool is_there() const { return socket_ >= 0; }

  // The longest time between two calls of beat() while the process is healthy.
  std::chrono::milliseconds beat_interval() const;

  // Call it while the process is healthy. `serving` is whether it accepts updates and queries. The service is reported
  // ready when it first serves, or after as long as a boot should wait for it.
  void beat(bool serving, std::chrono::steady_clock::time_point now);

  void stopping();

 private:
  // Never blocks: a datagram that systemd has no room for is lost.
  void notify(std::string_view text) const;

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int socket_ = -1;
  sockaddr_un address_{};
  socklen_t address_size_ = 0;
  std::chrono::microseconds watchdog_{0};  // 0: none

  std::atomic<bool> stops_{false};
  // The thread that calls beat().
  bool ready_ = false;
  std::string_view status_;
  std::chrono::steady_clock::time_point next_watchdog_{};
};

}  // namespace ubiety::program
