// The requests that wait for an actor. Each is answered once: by the actor's outcome or, when its deadline comes first,
// with a 503. The loop's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "domain/clock.hpp"
#include "domain/status.hpp"
#include "http/http1/exchange.hpp"

namespace ubiety::http {

// What a resource keeps with a request until it is answered.
class PendingState {
 public:
  virtual ~PendingState() = default;
};

struct PendingExchange {
  Exchange exchange;
  DeviceId device_id;                     // empty unless the request is about one device
  std::unique_ptr<PendingState> state{};  // nullptr unless its resource has set it
};

class PendingExchanges {
 public:
  // All requests have the same timeout, so their deadlines are in the order of the requests.
  explicit PendingExchanges(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  struct Opened {
    std::uint64_t ticket;
    SteadyTime deadline;
  };
  Opened open(Exchange&& exchange, DeviceId device_id = {});

  // Returns nullptr once the request is answered.
  PendingExchange* find(std::uint64_t ticket);
  // Removes the request, for its answer. Returns nullopt once it is answered.
  std::optional<PendingExchange> take(std::uint64_t ticket);

  // Answers 503 to the requests whose deadline has passed.
  void expire(SteadyTime now);

  std::size_t size() const { return size_; }
  // How long the oldest request has waited.
  std::chrono::nanoseconds longest_wait(SteadyTime now) const;

 private:
  // A ticket is a slot's number and how often the slot was used before: so a late outcome finds no request.
  struct Slot {
    std::uint32_t generation = 0;
    std::optional<PendingExchange> pending;
  };

  bool waits(std::uint64_t ticket) const;

  const std::chrono::milliseconds timeout_;
  std::deque<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::deque<Opened> deadlines_;
  std::size_t size_ = 0;
};

}  // namespace ubiety::http
