// How long a client may take: to begin its next request, to complete a head, to complete a body. Each is a time in all,
// which no byte that comes prolongs.
//
// Who waits for the same thing has the same time for it. So those who do stand in a queue in the order in which they
// came, which is that of their deadlines: to enter and to leave changes a few pointers, and only the front is looked
// at. The clock is the one of who calls advance(): a request costs no look at it, and no timer.
//
// One thread, with the connections themselves: the loop's.
#pragma once

#include <array>
#include <chrono>

#include "domain/clock.hpp"
#include "http/http1/gate_limits.hpp"

namespace ubiety::http::gate {

// Who is told that its client is late. It may wait again at once.
class WaitingForClient {
 public:
  virtual void client_is_late() = 0;

 protected:
  ~WaitingForClient() = default;
};

class ConnectionDeadlines {
 public:
  // How often advance() is to be called. A client has its time, and at most two intervals more.
  static constexpr std::chrono::milliseconds interval{100};

  class Place;

  ConnectionDeadlines(const TimeLimits& limits, SteadyTime now);
  ConnectionDeadlines(const ConnectionDeadlines&) = delete;
  ConnectionDeadlines& operator=(const ConnectionDeadlines&) = delete;

  // Tells those whose time is over; they wait no longer. Of the time since the last call a second counts at most: a
  // loop that stood still, as in a stopped process, did not read what its clients sent meanwhile.
  void advance(SteadyTime now);

 private:
  struct Link {
    Link* previous = this;
    Link* next = this;
  };

  struct Queue : Link {
    std::chrono::nanoseconds limit{};
  };

  std::array<Queue, 3> queues_;  // by Awaited; each in the order of its deadlines
  SteadyTime last_;
  std::chrono::nanoseconds time_{};  // that has counted so far
};

// A connection's place in the queues, or in none. The deadlines outlive it.
class ConnectionDeadlines::Place : private Link {
 public:
  explicit Place(ConnectionDeadlines& deadlines) : deadlines_(&deadlines) {}
  ~Place() { leave(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // From now on `who` waits for this. Time runs on for what it waits for already, or has waited past.
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
