#include "http/http1/connections.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace ubiety::http::gate {
namespace {

constexpr std::chrono::nanoseconds max_step = std::chrono::seconds{1};

}  // namespace

ConnectionDeadlines::ConnectionDeadlines(const TimeLimits& limits, SteadyTime now) : last_(now) {
  queues_[static_cast<std::size_t>(Awaited::request)].limit = limits.request;
  queues_[static_cast<std::size_t>(Awaited::head)].limit = limits.head;
  queues_[static_cast<std::size_t>(Awaited::body)].limit = limits.body;
}

void ConnectionDeadlines::advance(SteadyTime now) {
  time_ += std::min<std::chrono::nanoseconds>(now - last_, max_step);
  last_ = now;
  for (auto& queue : queues_) {
    while (queue.next != &queue) {
      auto& first = static_cast<Place&>(*queue.next);
      if (first.due_ > time_) break;
      first.leave();
      first.waiter_->client_is_late();
    }
  }
}

void ConnectionDeadlines::Place::wait_for(Awaited phase, WaitingForClient& waiter) {
  if (is_waiting() && phase <= phase_) return;
  leave();
  auto& queue = deadlines_->queues_[static_cast<std::size_t>(phase)];
  waiter_ = &waiter;
  phase_ = phase;
  due_ = deadlines_->time_ + interval + queue.limit;  // time_ is at most one interval old
  next = &queue;
  previous = queue.previous;
  previous->next = this;
  queue.previous = this;
}

void ConnectionDeadlines::Place::leave() {
  previous->next = next;
  next->previous = previous;
  previous = next = this;
}

bool OpenConnections::is_gone(std::uint64_t connection) const {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return true;
  pollfd look{found->second.socket, POLLRDHUP, 0};  // POLLHUP and POLLERR are always reported
  return poll(&look, 1, 0) == 1;
}

bool OpenConnections::speaks_http_1_0(std::uint64_t connection) const {
  const auto found = connections_.find(connection);
  return found != connections_.end() && found->second.speaks_http_1_0;
}

void OpenConnections::limit_unsent(std::uint64_t connection, int bytes) const {
  const auto found = connections_.find(connection);
  if (found != connections_.end())
    setsockopt(found->second.socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);  // a failure costs memory only
}

}  // namespace ubiety::http::gate
