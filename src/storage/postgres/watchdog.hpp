// Time limits for libpq's calls, which have none: a server that is there and silent is waited for, for ever. Whoever
// waits beyond its limit has its connection's socket shut down, so that the call returns as from a lost connection.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "domain/thread_safety.hpp"

namespace ubiety::postgres {

class Watchdog;

// A connection under watch. The thread of the connection; it takes neither a lock nor a wake-up to begin a call.
class WatchedSocket {
 public:
  // `socket` may be closed before this, and its number used again: a duplicate of it is watched. Throws
  // std::system_error.
  WatchedSocket(Watchdog& watchdog, int socket);
  ~WatchedSocket();
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;

  void begin_call(std::chrono::milliseconds limit);
  void end_call() { deadline_.store(none, std::memory_order_release); }

  // Whether a call was given up. The connection is of no use then.
  bool given_up() const { return given_up_.load(std::memory_order_acquire); }

 private:
  friend class Watchdog;
  using Ticks = std::chrono::steady_clock::rep;
  static constexpr Ticks none = 0;

  void give_up_after(std::chrono::steady_clock::time_point now);

  Watchdog& watchdog_;
  const int socket_;
  std::atomic<Ticks> deadline_{none};
  std::atomic<bool> given_up_{false};
};

// For as long as it lives, the connection is in a call.
class CallLimit {
 public:
  CallLimit(WatchedSocket& socket, std::chrono::milliseconds limit) : socket_(socket) { socket.begin_call(limit); }
  ~CallLimit() { socket_.end_call(); }
  CallLimit(const CallLimit&) = delete;
  CallLimit& operator=(const CallLimit&) = delete;

 private:
  WatchedSocket& socket_;
};

// Looks at all watched sockets, from a thread of its own, a little later than each deadline at most. Any thread;
// outlives all that it watches.
class Watchdog {
 public:
  Watchdog();

 private:
  friend class WatchedSocket;
  void add(WatchedSocket* socket);
  void remove(WatchedSocket* socket);
  void run(const std::stop_token& stopping);

  Mutex mutex_;
  ConditionVariable changed_;
  std::vector<WatchedSocket*> sockets_ GUARDED_BY(mutex_);
  std::jthread thread_;
};

}  // namespace ubiety::postgres
