#include "support/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "support/certificate.hpp"
#include "support/socket_wait.hpp"
#include "support/time_limit.hpp"

namespace ubiety::test {
namespace {

constexpr std::size_t longest_line = 64 * 1024;

[[noreturn]] void fail(const std::string& what) { throw HttpError(what + ": " + std::strerror(errno)); }

FileDescriptor connect_to(int port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) fail("socket");
  const int yes = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
  return socket;
}

bool has_content(std::string_view method) { return method == "POST" || method == "PUT" || method == "PATCH"; }

}  // namespace

HttpClient::HttpClient(int port, std::chrono::milliseconds timeout)
    : timeout_(time_limit(timeout)), host_("127.0.0.1:" + std::to_string(port)), socket_(connect_to(port)) {
  if (const auto* certificate = certificate_of_all())
    tls_.emplace(socket_.number(), certificate->certificate, timeout_);
}

HttpClient::HttpClient(int port, const std::filesystem::path& trusted, std::chrono::milliseconds timeout)
    : timeout_(time_limit(timeout)), host_("127.0.0.1:" + std::to_string(port)), socket_(connect_to(port)) {
  tls_.emplace(socket_.number(), trusted, timeout_);
}

HttpResponse HttpClient::request(std::string_view method, std::string_view target, const Headers& headers,
                                 std::string_view body) {
  send_raw(format_request(host_, method, target, headers, body));
  return read_response(method == "HEAD");
}

HttpResponse HttpClient::post(std::string_view target, std::string_view json) {
  return request("POST", target, {{"Content-Type", "application/json"}}, json);
}

void HttpClient::send_raw(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  while (!bytes.empty()) {
    wait_for(socket_.number(), POLLOUT, timeout_);
    const auto sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent < 0) throw ConnectionClosed(std::string("send: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void HttpClient::close_sending() {
  if (tls_) return tls_->close_sending();
  ::shutdown(socket_.number(), SHUT_WR);
}

HttpResponse HttpClient::read_response(bool is_to_head) { return test::read_response(source(), is_to_head); }

HttpResponse HttpClient::read_head() { return test::read_head(source()); }

std::string HttpClient::read_chunk() { return test::read_chunk(source()); }

ByteSource HttpClient::source() {
  return {[this] { return take_line(); }, [this](std::size_t size) { return take(size); }};
}

std::string HttpClient::read_until_close() {
  while (fill()) {
  }
  return std::exchange(received_, {});
}

bool HttpClient::is_closed_by_server() { return received_.empty() && !fill(); }

bool HttpClient::fill() {
  std::array<char, 16 * 1024> buffer;
  if (tls_) {
    const auto size = tls_->read(buffer);
    received_.append(buffer.data(), size);
    return size > 0;
  }
  for (;;) {
    wait_for(socket_.number(), POLLIN, timeout_);
    const auto size = ::recv(socket_.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    // A reset is a close too: the kernel sends one when a server closes with unread bytes.
    if (size < 0 && errno == ECONNRESET) return false;
    if (size < 0) fail("recv");
    received_.append(buffer.data(), static_cast<std::size_t>(size));
    return size > 0;
  }
}

std::string HttpClient::take_line() {
  std::size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (received_.size() > longest_line) throw HttpError("a line without an end");
    if (!fill()) throw ConnectionClosed("closed after '" + received_ + "'");
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  if (line.find_first_of("\r\n") != std::string::npos) throw HttpError("a bare CR or LF in '" + line + "'");
  return line;
}

std::string HttpClient::take(std::size_t size) {
  while (received_.size() < size)
    if (!fill()) throw ConnectionClosed("closed in the middle of a body");
  std::string bytes = received_.substr(0, size);
  received_.erase(0, size);
  return bytes;
}

std::string format_request(std::string_view host, std::string_view method, std::string_view target,
                           const Headers& headers, std::string_view body) {
  std::string request;
  request.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  for (const auto& [name, value] : headers) request.append(name).append(": ").append(value).append("\r\n");
  if (!body.empty() || has_content(method))
    request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  return request.append("\r\n").append(body);
}

}  // namespace ubiety::test
