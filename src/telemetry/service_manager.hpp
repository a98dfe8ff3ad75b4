// Notifies systemd by the protocol of sd_notify(3) that the service is ready, alive, or stopping. Does nothing if
// systemd did not start the process. stopping() on any thread, beat() on one.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

namespace ubiety {

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

}  // namespace ubiety
