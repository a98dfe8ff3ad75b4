// What systemd is told of this process, by the protocol of sd_notify(3): that it serves, that it lives, that it stops.
// Without a manager nothing is told. stopping() on any thread, beat() on one.
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

  // How often beat() has to be called at least while the process works.
  std::chrono::milliseconds beat_interval() const;

  // The process was just seen to work. `serving` says whether it also takes updates and queries: from the first time
  // on, or when that takes longer than a boot should wait, the process counts as ready.
  void beat(bool serving, std::chrono::steady_clock::time_point now);

  void stopping();

 private:
  // A datagram that the manager has no room for is lost: nothing here may wait for it.
  void tell(std::string_view text) const;

  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int socket_ = -1;
  sockaddr_un address_{};
  socklen_t address_size_ = 0;
  std::chrono::microseconds watchdog_{0};  // 0: none

  std::atomic<bool> stops_{false};
  // Of the thread of beat().
  bool ready_ = false;
  std::string_view status_;
  std::chrono::steady_clock::time_point next_watchdog_{};
};

}  // namespace ubiety
