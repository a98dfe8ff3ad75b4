// ubiety_streams: reads streams of GET /fleet/stream, and prints how far behind their events were, as a line of JSON.
//
// The load, ubiety_open_loop, gives each report the moment of its sending as timestamp, and an event shows it as
// last_update. So what is measured goes from the sending of a report to the reading of its event, its commit included.
#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "domain/timestamp.hpp"

namespace ubiety::streams {
namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  std::uint16_t port = 0;  // on 127.0.0.1
  std::size_t streams = 0;
  double seconds = 0;  // that count
  double warm_up = 0;  // seconds before them, that do not
  std::string target;  // `#` is the stream's number modulo 100, in two digits
};

Arguments read_arguments(int count, char** words) {
  Arguments arguments;
  if (count == 6) {
    arguments.port = static_cast<std::uint16_t>(std::strtoul(words[1], nullptr, 10));
    arguments.streams = std::strtoul(words[2], nullptr, 10);
    arguments.seconds = std::strtod(words[3], nullptr);
    arguments.warm_up = std::strtod(words[4], nullptr);
    arguments.target = words[5];
  }
  if (arguments.port == 0 || arguments.streams == 0 || arguments.seconds <= 0) {
    std::cerr << "usage: ubiety_streams PORT STREAMS SECONDS WARM_UP_SECONDS TARGET\n";
    std::exit(2);
  }
  return arguments;
}

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::int64_t now_in_utc() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A connection to 127.0.0.1 that has sent its request.
int connected(std::uint16_t port, const std::string& request) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connect");
  if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    fail("send");
  return socket;
}

class Streams {
 public:
  explicit Streams(const Arguments& arguments)
      : arguments_(arguments), poller_(::epoll_create1(EPOLL_CLOEXEC)), partial_(arguments.streams) {
    for (std::size_t number = 0; number < arguments.streams; ++number) {
      // HTTP/1.0 has no chunks, which a proxy would begin in the middle of a line.
      const auto request = "GET " + target_of(number) + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
      const int socket = connected(arguments.port, request);
      sockets_.push_back(socket);
      epoll_event event{EPOLLIN, {}};
      event.data.u64 = number;
      if (::epoll_ctl(poller_, EPOLL_CTL_ADD, socket, &event) != 0) fail("epoll_ctl");
    }
  }

  void run() {
    const auto begin = Clock::now() + from_seconds(arguments_.warm_up);
    const auto end = begin + from_seconds(arguments_.seconds);
    std::array<epoll_event, 256> events;
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
      counts_ = now >= begin;
      const int count = ::epoll_wait(poller_, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < count; ++i) receive(events[static_cast<std::size_t>(i)].data.u64);
    }
  }

  void print() {
    std::sort(behind_.begin(), behind_.end());
    std::printf(R"({"streams":%zu,"seconds":%.1f,"events":%zu,"events_per_second":%.0f,"bytes_per_second":%.0f,)"
                R"("resets":%zu,"ended":%zu,"p50":%.1f,"p95":%.1f,"p99":%.1f,"max":%.1f})"
                "\n",
                arguments_.streams, arguments_.seconds, behind_.size(),
                static_cast<double>(behind_.size()) / arguments_.seconds,
                static_cast<double>(bytes_) / arguments_.seconds, resets_, ended_, behind(0.50), behind(0.95),
                behind(0.99), behind(1.0));
  }

 private:
  static Clock::duration from_seconds(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  std::string target_of(std::size_t number) const {
    auto target = arguments_.target;
    const auto place = target.find('#');
    const auto digits = std::to_string(100 + number % 100).substr(1);
    return place == std::string::npos ? target : target.replace(place, 1, digits);
  }

  void receive(std::size_t number) {
    static std::array<char, 256 * 1024> buffer;
    const auto size = ::recv(sockets_[number], buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
      ++ended_;
      ::epoll_ctl(poller_, EPOLL_CTL_DEL, sockets_[number], nullptr);
      return;
    }
    if (counts_) bytes_ += static_cast<std::size_t>(size);
    auto& text = partial_[number];
    text.append(buffer.data(), static_cast<std::size_t>(size));
    const auto end = text.rfind('\n') + 1;
    read_lines(std::string_view(text).substr(0, end));
    text.erase(0, end);
  }

  // Whole lines.
  void read_lines(std::string_view text) {
    constexpr std::string_view member = R"("last_update":")";
    const auto now = now_in_utc();
    for (auto at = text.find(member); at != std::string_view::npos; at = text.find(member, at)) {
      at += member.size();
      const auto time = parse_timestamp(text.substr(at, text.find('"', at) - at));
      if (!time) throw std::runtime_error("an event without a time");
      if (counts_) behind_.push_back(static_cast<double>(now - time->microseconds) / 1000);
    }
    for (auto at = text.find("event: reset"); at != std::string_view::npos; at = text.find("event: reset", at + 1))
      ++resets_;
  }

  double behind(double share) const {
    if (behind_.empty()) return -1;
    return behind_[static_cast<std::size_t>(share * static_cast<double>(behind_.size() - 1))];
  }

  const Arguments arguments_;
  const int poller_;
  std::vector<int> sockets_;
  std::vector<std::string> partial_;  // of a line, by stream
  bool counts_ = false;
  std::vector<double> behind_;  // milliseconds
  std::size_t bytes_ = 0, resets_ = 0, ended_ = 0;
};

}  // namespace
}  // namespace ubiety::streams

int main(int count, char** words) {
  using namespace ubiety::streams;
  try {
    Streams streams(read_arguments(count, words));
    streams.run();
    streams.print();
  } catch (const std::exception& error) {
    std::cerr << "ubiety_streams: " << error.what() << '\n';
    return 1;
  }
}
