// How long a client may take: to begin its next request, to complete a head, to complete a body. A byte that arrives
// does not extend the time.
//
// All connections in one phase share one timeout, so a FIFO per phase is ordered by deadline: enter and leave change a
// few pointers, and only the front is checked. The caller of advance() reads the clock, so a request needs neither the
// clock nor a timer.
//
// The loop's thread, with the connections themselves.
#pragma once

#include <array>
#include <chrono>

#include "domain/clock.hpp"
#include "http/http1/gate_limits.hpp"

namespace ubiety::http::gate {

// Is called when its client is late. It may wait again at once.
class WaitingForClient {
 public:
  virtual void client_is_late() = 0;

 protected:
  ~WaitingForClient() = default;
};

class ConnectionDeadlines {
 public:
  // Call advance() this often. A client has at most two intervals more than its time.
  static constexpr std::chrono::milliseconds interval{100};

  class Place;

  ConnectionDeadlines(const TimeLimits& limits, SteadyTime now);
  ConnectionDeadlines(const ConnectionDeadlines&) = delete;
  ConnectionDeadlines& operator=(const ConnectionDeadlines&) = delete;

  // Calls client_is_late() for each connection whose time is over, and takes it out of its queue. At most one second
  // counts since the last call: a loop that stood still, as in a stopped process, did not read what clients had sent.
  void advance(SteadyTime now);

 private:
  struct Link {
    Link* previous = this;
    Link* next = this;
  };

  struct Queue : Link {
    std::chrono::nanoseconds limit{};
  };

  std::array<Queue, 3> queues_;  // by Awaited; each ordered by deadline
  SteadyTime last_;
  std::chrono::nanoseconds time_{};  // the time that has counted so far
};

// A connection's place in one of the queues, or in none. The deadlines outlive it.
class ConnectionDeadlines::Place : private Link {
 public:
  explicit Place(ConnectionDeadlines& deadlines) : deadlines_(&deadlines) {}
  ~Place() { leave(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // Starts the time of a phase. Time runs on if the connection is already in this phase or a later one.
  void wait_for(Awaited what, WaitingForClient& who);
  void leave();

 private:
  friend class ConnectionDeadlines;

  bool is_waiting() const { return next != this; }

  ConnectionDeadlines* const deadlines_;
  WaitingForClient* who_ = nullptr;
  std::chrono::nanoseconds due_{};
  Awaited what_ = Awaited::request;
};

}  // namespace ubiety::http::gate
