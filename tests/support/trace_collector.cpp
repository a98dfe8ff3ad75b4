#include "support/trace_collector.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>

namespace ubiety::test {
namespace {

constexpr int poll_milliseconds = 20;  // how long a stop may wait

void check(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

std::size_t body_size(const std::string& head) {
  constexpr std::string_view field = "content-length:";
  std::string lower = head;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = lower.find(field);
  return found == std::string::npos ? 0 : std::stoul(lower.substr(found + field.size()));
}

}  // namespace

TraceCollector::TraceCollector() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  check(::bind(listener_.number(), generic, size), "bind");
  check(::listen(listener_.number(), 8), "listen");
  check(::getsockname(listener_.number(), generic, &size), "getsockname");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TraceCollector::~TraceCollector() {
  stopping_ = true;
  thread_.join();
}

std::vector<std::string> TraceCollector::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

std::vector<std::string> TraceCollector::bodies() const {
  const std::lock_guard lock(mutex_);
  return bodies_;
}

std::vector<Json> TraceCollector::spans() const {
  std::vector<Json> all;
  for (const auto& body : bodies())
    for (auto& span : Json(body)["resourceSpans"][0]["scopeSpans"][0]["spans"].elements()) all.push_back(span);
  return all;
}

void TraceCollector::serve() {
  while (is_readable(listener_)) {
    const FileDescriptor connection(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    if (connection.number() >= 0) serve(connection);
  }
}

void TraceCollector::serve(const FileDescriptor& connection) {
  std::string received;
  while (is_readable(connection)) {
    std::array<char, 65536> bytes{};
    const auto size = ::recv(connection.number(), bytes.data(), bytes.size(), 0);
    if (size <= 0) return;
    received.append(bytes.data(), static_cast<std::size_t>(size));
    const auto end = received.find("\r\n\r\n");
    if (end == std::string::npos) continue;
    const auto head = received.substr(0, end + 4);
    const auto body = body_size(head);
    if (received.size() < head.size() + body) continue;
    {
      const std::lock_guard lock(mutex_);
      heads_.push_back(head);
      bodies_.push_back(received.substr(head.size(), body));
    }
    received.erase(0, head.size() + body);
    const auto answer = "HTTP/1.1 " + std::to_string(status_) + " .\r\nContent-Length: 2\r\n\r\n{}";
    ::send(connection.number(), answer.data(), answer.size(), MSG_NOSIGNAL);
  }
}

bool TraceCollector::is_readable(const FileDescriptor& socket) const {
  while (!stopping_) {
    pollfd readable{socket.number(), POLLIN, 0};
    if (::poll(&readable, 1, poll_milliseconds) > 0) return true;
  }
  return false;
}

}  // namespace ubiety::test
