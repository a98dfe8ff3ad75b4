// Time limits for libpq's calls, which would wait for a silent server forever. The watchdog shuts down the socket of a
// call that exceeds its limit, and the call then fails as if the connection were lost. Also keeps the server processes
// that such a call leaves behind, until they are terminated.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "domain/thread_safety.hpp"

namespace ubiety::postgres {

class Connection;
class Watchdog;

// A connection under watch. The connection's thread. Beginning a call takes no lock and wakes no thread.
class WatchedSocket {
 public:
  // Watches a duplicate of `socket`, because the connection may close it first and its number be used again. Throws
  // std::system_error.
  WatchedSocket(Watchdog& watchdog, int socket);
  ~WatchedSocket();
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;

  void begin_call(std::chrono::milliseconds limit);
  void end_call() { deadline_.store(none, std::memory_order_release); }

  // Whether a call timed out. The connection cannot be used after that.
  bool timed_out() const { return timed_out_.load(std::memory_order_acquire); }

 private:
  friend class Watchdog;
  using Ticks = std::chrono::steady_clock::rep;
  static constexpr Ticks none = 0;

  void shut_down_if_late(std::chrono::steady_clock::time_point now);

  Watchdog& watchdog_;
  const int socket_;
  std::atomic<Ticks> deadline_{none};
  std::atomic<bool> timed_out_{false};
};

// A call that lasts as long as this object.
class CallLimit {
 public:
  CallLimit(WatchedSocket& socket, std::chrono::milliseconds limit) : socket_(socket) { socket.begin_call(limit); }
  ~CallLimit() { socket_.end_call(); }
  CallLimit(const CallLimit&) = delete;
  CallLimit& operator=(const CallLimit&) = delete;

 private:
  WatchedSocket& socket_;
};

// Checks all watched sockets at short intervals, on a thread of its own. Any thread. Outlives all watched sockets.
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

// The time limit of a commit. It doubles after each commit that timed out, up to 16 times the configured limit: a store
// that is merely slow could otherwise never finish one. Any thread.
class CommitLimit {
 public:
  explicit CommitLimit(std::chrono::milliseconds min) : min_(min), current_(min) {}

  std::chrono::milliseconds current() const { return current_.load(std::memory_order_relaxed); }
  void note_timeout() { current_.store(std::min(2 * current(), max_factor * min_), std::memory_order_relaxed); }
  void note_success() {
    if (current() != min_) current_.store(min_, std::memory_order_relaxed);
  }

 private:
  static constexpr int max_factor = 16;

  const std::chrono::milliseconds min_;
  std::atomic<std::chrono::milliseconds> current_;
};

// The server process behind a connection.
struct Backend {
  int pid = 0;
  std::string started;  // as the server writes it; a later process with the same pid has another
};

// Backends whose connection broke during a commit. Their transaction may still be running, so each has to end before
// its batch is written again. Any thread.
class AbandonedBackends {
 public:
  void add(Backend backend);

  // Terminates all of them and waits until they are gone. Throws SqlError if one does not end.
  void end_all(Connection& connection);

 private:
  Mutex mutex_;
  std::vector<Backend> backends_ GUARDED_BY(mutex_);
};

}  // namespace ubiety::postgres
