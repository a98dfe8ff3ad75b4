// ubiety_open_loop: POSTs reports at a fixed rate and prints how long they took, as a line of JSON.
//
// A closed loop, such as wrk, waits for an answer before it sends the next request: when the server stalls, so does the
// load, and the stall counts once instead of for all who would have come meanwhile (coordinated omission). Here each
// request has a time at which it is due, whatever the server does; it is sent then or as soon as a connection is free,
// and its latency counts from when it was due. What has no answer a second after the end counts with the time it
// waited.
#include <sys/epoll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <vector>

#include "domain/timestamp.hpp"
#include "open_loop/arguments.hpp"
#include "open_loop/connection.hpp"

namespace ubiety::open_loop {
namespace {

using Clock = std::chrono::steady_clock;

Timestamp now_in_utc() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

Clock::duration from_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

class Load {
 public:
  explicit Load(const Arguments& arguments)
      : arguments_(arguments), poller_(::epoll_create1(EPOLL_CLOEXEC)), begin_(Clock::now()) {
    for (std::uint32_t index = 0; index < arguments.connections; ++index) {
      connections_.push_back(std::make_unique<Connection>(arguments.port, poller_, index));
      idle_.push_back(index);
    }
    begin_ = Clock::now();
  }

  void run() {
    const auto end = begin_ + from_seconds(arguments_.warm_up + arguments_.seconds);
    const auto last_call = end + std::chrono::seconds(1);
    const auto unfinished = [&] { return due(next_) < end || idle_.size() < connections_.size(); };
    for (auto now = Clock::now(); now < last_call && unfinished(); now = Clock::now()) {
      while (!idle_.empty() && due(next_) <= now && due(next_) < end) send_next();
      const bool sends_more = !idle_.empty() && due(next_) < end;
      wait(sends_more ? due(next_) : last_call);
    }
    for (const auto& connection : connections_)
      if (const auto since = connection->waiting_since()) count_unanswered(*since, last_call);
    for (; due(next_) < end; ++next_) count_unanswered(due(next_), last_call);
  }

  void print() {
    std::sort(latencies_.begin(), latencies_.end());
    std::printf(
        R"({"requests":%zu,"seconds":%.3f,"refused":%zu,"unanswered":%zu,"p50":%.3f,"p95":%.3f,"p99":%.3f,"max":%.3f})"
        "\n",
        latencies_.size(), arguments_.seconds, refused_, unanswered_, latency(0.50), latency(0.95), latency(0.99),
        latency(1.0));
  }

 private:
  Time due(std::uint64_t number) const { return begin_ + from_seconds(static_cast<double>(number) / arguments_.rate); }

  void send_next() {
    const auto device = static_cast<std::uint32_t>(next_ * 7919 % arguments_.devices);  // a prime: in scattered order
    char body[192];
    const int size = std::snprintf(
        body, sizeof body, R"({"device_id":"bench-%07u","timestamp":"%s","battery_level":%u,"rssi":-%u,"online":true})",
        device, format_timestamp(now_in_utc()).c_str(), 10 + device % 90, 40 + device % 50);
    request_.clear();
    request_.append("POST ").append(arguments_.path).append(" HTTP/1.1\r\nHost: localhost\r\n");
    request_.append("Content-Type: application/json\r\nContent-Length: ").append(std::to_string(size));
    request_.append("\r\n\r\n").append(body, static_cast<std::size_t>(size));
    // The one that has been idle longest: all take part.
    connections_[idle_.front()]->send(request_, due(next_));
    idle_.pop_front();
    ++next_;
  }

  void wait(Time until) {
    const auto left = std::max(until - Clock::now(), Clock::duration::zero());
    const timespec timeout{std::chrono::floor<std::chrono::seconds>(left).count(),
                           (left % std::chrono::seconds(1)).count()};
    epoll_event events[256];
    const int count = ::epoll_pwait2(poller_, events, 256, &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto index = events[i].data.u32;
      if (const auto answer = connections_[index]->receive()) {
        idle_.push_back(index);
        if (answer->status >= 400) ++refused_;
        count_latency(answer->due, Clock::now());
      }
    }
  }

  void count_latency(Time since, Time until) {
    if (since < begin_ + from_seconds(arguments_.warm_up)) return;
    latencies_.push_back(std::chrono::duration<double, std::milli>(until - since).count());
  }

  void count_unanswered(Time since, Time until) {
    ++unanswered_;
    count_latency(since, until);
  }

  double latency(double share) const {
    if (latencies_.empty()) throw std::runtime_error("no answer");
    return latencies_[static_cast<std::size_t>(share * static_cast<double>(latencies_.size() - 1))];
  }

  const Arguments arguments_;
  const int poller_;
  Time begin_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::deque<std::uint32_t> idle_;
  std::uint64_t next_ = 0;  // the number of the request that is due next
  std::string request_;
  std::vector<double> latencies_;  // milliseconds
  std::size_t refused_ = 0, unanswered_ = 0;
};

}  // namespace
}  // namespace ubiety::open_loop

int main(int count, char** words) {
  using namespace ubiety::open_loop;
  try {
    ::prctl(PR_SET_TIMERSLACK, 1);  // nanoseconds; the usual 50 µs would be half the time between two requests
    Load load(read_arguments(count, words));
    load.run();
    load.print();
  } catch (const std::exception& error) {
    std::cerr << "ubiety_open_loop: " << error.what() << '\n';
    return 1;
  }
}
