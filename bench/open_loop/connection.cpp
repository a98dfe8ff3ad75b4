#include "open_loop/connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace ubiety::open_loop {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

// Both servers write the field so.
constexpr std::string_view length_field = "\r\nContent-Length: ";
constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::size_t status_at = std::string_view("HTTP/1.1 ").size();

std::size_t number_at(std::string_view text, std::size_t at) {
  std::size_t number = 0;
  std::from_chars(text.data() + at, text.data() + text.size(), number);
  return number;
}

}  // namespace

Connection::Connection(std::uint16_t port, int poller, std::uint32_t index)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connect");
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  epoll_event event{EPOLLIN, {}};
  event.data.u32 = index;
  if (::epoll_ctl(poller, EPOLL_CTL_ADD, socket_, &event) != 0) fail("epoll_ctl");
}

Connection::~Connection() { ::close(socket_); }

void Connection::send(std::string_view request, Time due) {
  due_ = due;
  const auto sent = ::send(socket_, request.data(), request.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request.size())) fail("send");
}

std::optional<Connection::Answer> Connection::receive() {
  char piece[4096];
  const auto size = ::recv(socket_, piece, sizeof piece, MSG_DONTWAIT);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (size <= 0 || !due_) throw std::runtime_error("the server ended a connection, or sent what was not asked for");
  received_.append(piece, static_cast<std::size_t>(size));

  const auto head_size = received_.find(end_of_head);
  if (head_size == std::string::npos) return std::nullopt;
  const auto length = received_.find(length_field);
  if (length > head_size) throw std::runtime_error("an answer without Content-Length");
  const auto body_size = number_at(received_, length + length_field.size());
  if (received_.size() < head_size + end_of_head.size() + body_size) return std::nullopt;

  const Answer answer{static_cast<int>(number_at(received_, status_at)), *due_};
  received_.clear();
  due_.reset();
  return answer;
}

}  // namespace ubiety::open_loop
