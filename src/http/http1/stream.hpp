// The byte stream of one connection: a TCP socket, with TLS on it if the listener has a certificate. Without TLS, or
// once a client has begun in plain text, each call goes straight to the socket. One thread at a time; handlers run on
// their executor.
#pragma once

#include <restinio/asio_include.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "http/http1/tls_session.hpp"
#include "http/http1/tls_wait.hpp"

namespace ubiety::http::transport {

class Stream {
 public:
  using Socket = asio::ip::tcp::socket;

  // Without a context it is plain TCP.
  Stream(asio::io_context& context, std::shared_ptr<const TlsContext> tls)
      : socket_(context), context_(std::move(tls)) {}

  Socket& socket() { return socket_; }
  const Socket& socket() const { return socket_; }

  // Call it once the socket is connected; the stream may not be moved afterwards. TLS begins: the first read does the
  // handshake.
  void start() {
    if (!context_) return;
    asio::error_code gone;  // the first read reports it
    socket_.non_blocking(true, gone);
    session_.emplace(*context_, socket_.native_handle());
  }

  template <typename Handler>
  void async_read_some(asio::mutable_buffer buffer, Handler&& handler) {
    if (!session_) return socket_.async_read_some(buffer, std::forward<Handler>(handler));
    const auto read = [this, buffer](TlsSession& session) {
      const auto progress = session.read({static_cast<char*>(buffer.data()), buffer.size()});
      return progress.outcome == TlsSession::Outcome::plain_text ? read_plain_text(buffer) : progress;
    };
    TlsWait wait(*this, read, std::forward<Handler>(handler));
    if (session_->has_input()) {
      std::move(wait).begin();
    } else {
      std::move(wait).until(Socket::wait_read);
    }
  }

  // Calls the handler when everything is written, or with the error that stopped it.
  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (!session_) return socket_.async_write_some(buffers, std::forward<Handler>(handler));
    TlsWait(*this, WriteRecords(buffers), std::forward<Handler>(handler)).begin();
  }

  // Writes a few bytes at once, and returns how many were written.
  std::size_t write_now(std::string_view bytes) {
    if (session_) return session_->write(bytes).size;
    asio::error_code full;
    socket_.non_blocking(true, full);
    return socket_.write_some(asio::buffer(bytes.data(), bytes.size()), full);
  }

  void shutdown(Socket::shutdown_type what, asio::error_code& error) {
    if (session_) session_->send_close_notify();
    socket_.shutdown(what, error);
  }

  void close() {
    session_.reset();  // its descriptor may soon be another connection's
    socket_.close();
  }

  // Ends TLS and returns the socket; the stream is unusable afterwards.
  Socket release() {
    if (session_) session_->send_close_notify();
    session_.reset();
    return std::move(socket_);
  }

  // Whether the client speaks plain HTTP although TLS is required. Its answer is in plain HTTP, too.
  bool lacks_tls() const { return lacks_tls_; }

  // nullptr for plain TCP, and after close().
  TlsSession* session() { return session_ ? &*session_ : nullptr; }

 private:
  TlsSession::Progress read_plain_text(asio::mutable_buffer buffer) {
    lacks_tls_ = true;
    session_.reset();
    asio::error_code gone;
    const auto size = socket_.read_some(asio::buffer(buffer), gone);
    return {gone ? TlsSession::Outcome::failed : TlsSession::Outcome::done, size};
  }

  Socket socket_;
  std::shared_ptr<const TlsContext> context_;
  std::optional<TlsSession> session_;
  bool lacks_tls_ = false;
};

}  // namespace ubiety::http::transport
