// The bytes of one connection: a TCP socket, with TLS on it where the listener has a certificate. Without, each call
// goes straight to the socket. One thread at a time; handlers run where their executor says.
#pragma once

#include <restinio/asio_include.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "http/transport/tls_session.hpp"
#include "http/transport/tls_wait.hpp"

namespace ubiety::http::transport {

class Stream {
 public:
  using Socket = asio::ip::tcp::socket;

  // Without a context it is plain TCP.
  Stream(asio::io_context& context, std::shared_ptr<const TlsContext> tls)
      : socket_(context), context_(std::move(tls)) {}

  Socket& socket() { return socket_; }
  const Socket& socket() const { return socket_; }

  // The socket is connected. TLS begins, and the connection ends when its handshake takes too long. The stream, which
  // stays in its place from now on, is part of the owner.
  template <typename Owner>
  void start(std::weak_ptr<Owner> owner) {
    if (!context_) return;
    asio::error_code gone;  // which the first read sees
    socket_.non_blocking(true, gone);
    tls_ = std::make_unique<Tls>(*context_, socket_);
    tls_->handshake_limit.expires_after(context_->options().handshake_timeout);
    tls_->handshake_limit.async_wait([this, owner = std::move(owner)](const asio::error_code& cancelled) {
      const auto alive = owner.lock();
      if (cancelled || !alive || !tls_ || tls_->session.is_established()) return;
      asio::error_code ended;
      socket_.shutdown(Socket::shutdown_both, ended);  // the read that waits sees the end
    });
  }

  template <typename Handler>
  void async_read_some(asio::mutable_buffer buffer, Handler&& handler) {
    if (!tls_) return socket_.async_read_some(buffer, std::forward<Handler>(handler));
    const auto read = [this, buffer](TlsSession& session) {
      const auto progress = session.read({static_cast<char*>(buffer.data()), buffer.size()});
      if (progress.outcome == TlsSession::Outcome::plain_http) refuse_plain_http();
      return progress;
    };
    TlsWait wait(*this, read, std::forward<Handler>(handler));
    if (tls_->session.has_input()) {
      std::move(wait).begin();
    } else {
      std::move(wait).until(Socket::wait_read);
    }
  }

  // All of it is written when the handler is called, or an error came between.
  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (!tls_) return socket_.async_write_some(buffers, std::forward<Handler>(handler));
    TlsWait(*this, WriteRecords(buffers), std::forward<Handler>(handler)).begin();
  }

  // A few bytes, at once: how many were written.
  std::size_t write_now(std::string_view bytes) {
    if (tls_) return tls_->session.write(bytes).size;
    asio::error_code full;
    socket_.non_blocking(true, full);
    return socket_.write_some(asio::buffer(bytes.data(), bytes.size()), full);
  }

  void shutdown(Socket::shutdown_type what, asio::error_code& error) {
    if (tls_) tls_->session.say_farewell();
    socket_.shutdown(what, error);
  }

  void close() {
    tls_.reset();  // whose descriptor may soon be another's
    socket_.close();
  }

  // Gives the socket away, of which nothing more will be read.
  Socket release() {
    if (tls_) tls_->session.say_farewell();
    tls_.reset();
    return std::move(socket_);
  }

  // nullptr for plain TCP, and after the end.
  TlsSession* session() { return tls_ ? &tls_->session : nullptr; }

 private:
  struct Tls {
    Tls(const TlsContext& context, Socket& socket)
        : session(context, socket.native_handle()), handshake_limit(socket.get_executor()) {}
    TlsSession session;
    asio::steady_timer handshake_limit;
  };

  // The one answer that such a client understands.
  void refuse_plain_http() {
    constexpr std::string_view answer =
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 47\r\n\r\n"
        "{\"detail\":\"this port speaks TLS: use https://\"}";
    asio::error_code gone;
    socket_.write_some(asio::buffer(answer.data(), answer.size()), gone);
  }

  Socket socket_;
  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace ubiety::http::transport
