// The connections of a server: how long each client may take, and whether it is still there. The loop's thread, with
// the connections themselves.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <unordered_map>

#include "domain/clock.hpp"

namespace ubiety::http::gate {

// The phases in which a connection waits for its client, in their order for each request.
enum class Awaited : std::uint8_t { request, head, body };

// The time for each phase. A byte that arrives does not extend it. Afterwards a request that has begun is answered 408,
// and a connection without one is closed.
struct TimeLimits {
  std::chrono::milliseconds request;  // from the end of the last answer; a new connection begins with the head
  std::chrono::milliseconds head;     // from its first byte, and from the accept for the first
  std::chrono::milliseconds body;     // from the end of its head
};

// Called when its client is late. It may wait again at once.
class WaitingForClient {
 public:
  virtual void client_is_late() = 0;

 protected:
  ~WaitingForClient() = default;
};

// Calls clients late. All connections in one phase share one timeout, so a FIFO per phase is ordered by deadline: enter
// and leave change a few pointers, and only the front is checked. The caller of advance() reads the clock, so a request
// needs neither the clock nor a timer.
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
  void wait_for(Awaited phase, WaitingForClient& waiter);
  void leave();

 private:
  friend class ConnectionDeadlines;

  bool is_waiting() const { return next != this; }

  ConnectionDeadlines* const deadlines_;
  WaitingForClient* waiter_ = nullptr;
  std::chrono::nanoseconds due_{};
  Awaited phase_ = Awaited::request;
};

// The open connections, by RESTinio's ids for them. RESTinio does not read while it waits for an answer, so it does not
// notice a client that has gone.
class OpenConnections {
 public:
  class Entry;

  // Whether the client has closed its side, or the connection is broken or no longer listed. Unread bytes make no
  // difference.
  bool is_gone(std::uint64_t connection) const;

  // Whether the client's requests are HTTP/1.0, which RESTinio 0.6.16 does not say. False if it is no longer listed.
  bool speaks_http_1_0(std::uint64_t connection) const;

  // Bounds how many bytes the system holds for a client that does not take them. It may hold twice as many.
  void limit_unsent(std::uint64_t connection, int bytes) const;

 private:
  struct Connection {
    int socket;
    bool speaks_http_1_0 = false;
  };

  std::unordered_map<std::uint64_t, Connection> connections_;
};

// Lists a connection while its socket is open.
class OpenConnections::Entry {
 public:
  Entry(OpenConnections& all, std::uint64_t connection, int socket) : all_(all), connection_(connection) {
    all_.connections_.emplace(connection, Connection{socket});
  }
  ~Entry() { all_.connections_.erase(connection_); }
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  void note_http_1_0() { all_.connections_.at(connection_).speaks_http_1_0 = true; }

 private:
  OpenConnections& all_;
  const std::uint64_t connection_;
};

}  // namespace ubiety::http::gate
