// The byte stream of one connection: a TCP socket, with TLS on it if the listener has a certificate. Without TLS, or
// once a client has begun in plain text, each call goes straight to the socket. One thread at a time; handlers run on
// their executor.
#pragma once

#include <restinio/asio_include.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "http/http1/tls.hpp"

namespace ubiety::http::transport {

// Calls `attempt`, which returns its Progress with the session of `Stream`, until it need not wait. asio runs it when
// the socket is ready, with the handler's executor and allocator.
template <typename Stream, typename Attempt, typename Handler>
class TlsWait {
 public:
  using executor_type = asio::associated_executor_t<Handler, asio::ip::tcp::socket::executor_type>;
  using allocator_type = asio::associated_allocator_t<Handler>;
  using Outcome = TlsSession::Outcome;

  template <typename GivenHandler>
  TlsWait(Stream& stream, Attempt attempt, GivenHandler&& handler)
      : stream_(&stream), attempt_(std::move(attempt)), handler_(std::forward<GivenHandler>(handler)) {}

  executor_type get_executor() const noexcept {
    return asio::get_associated_executor(handler_, stream_->socket().get_executor());
  }
  allocator_type get_allocator() const noexcept { return asio::get_associated_allocator(handler_); }

  // Tries at once. The handler runs later in any case.
  void begin() && {
    const auto progress = attempt_(*stream_->session());
    if (must_wait(progress)) return std::move(*this).until(readiness_for(progress));
    auto executor = get_executor();
    asio::post(
        asio::bind_executor(executor, [error = error_of(progress), size = progress.size,
                                       handler = std::move(handler_)]() mutable { std::move(handler)(error, size); }));
  }

  void until(asio::ip::tcp::socket::wait_type ready) && { stream_->socket().async_wait(ready, std::move(*this)); }

  void operator()(const asio::error_code& error) {
    if (error) return std::move(handler_)(error, std::size_t{0});
    auto* const session = stream_->session();
    // Closed since the socket became ready.
    if (session == nullptr) return std::move(handler_)(asio::error::operation_aborted, std::size_t{0});
    const auto progress = attempt_(*session);
    if (must_wait(progress)) return std::move(*this).until(readiness_for(progress));
    std::move(handler_)(error_of(progress), progress.size);
  }

 private:
  static bool must_wait(const TlsSession::Progress& progress) {
    return progress.outcome == Outcome::wants_input || progress.outcome == Outcome::wants_output;
  }
  static asio::ip::tcp::socket::wait_type readiness_for(const TlsSession::Progress& progress) {
    return progress.outcome == Outcome::wants_input ? asio::ip::tcp::socket::wait_read
                                                    : asio::ip::tcp::socket::wait_write;
  }
  static asio::error_code error_of(const TlsSession::Progress& progress) {
    if (progress.outcome == Outcome::done) return {};
    if (progress.outcome == Outcome::ended) return asio::error::eof;
    return std::make_error_code(std::errc::protocol_error);
  }

  Stream* stream_;
  Attempt attempt_;
  Handler handler_;
};

template <typename Stream, typename Attempt, typename Handler>
TlsWait(Stream&, Attempt, Handler&&) -> TlsWait<Stream, Attempt, std::decay_t<Handler>>;

// The bytes of `buffers` from `from` on that go into the next TLS record, as many as `space` holds: in place if they
// are contiguous, else copied to `space`. OpenSSL makes a record of each write, and an answer may have many small
// pieces.
template <typename Buffers>
std::span<const char> record_at(const Buffers& buffers, std::size_t from, std::span<char> space) {
  const auto size = std::min(space.size(), asio::buffer_size(buffers) - from);
  std::size_t gathered = 0;
  for (auto at = asio::buffer_sequence_begin(buffers); gathered != size; ++at) {
    const asio::const_buffer buffer(*at);
    if (from >= buffer.size()) {
      from -= buffer.size();
      continue;
    }
    const auto* const part = static_cast<const char*>(buffer.data()) + from;
    const auto part_size = std::min(buffer.size() - from, size - gathered);
    if (part_size == size) return {part, size};
    std::memcpy(space.data() + gathered, part, part_size);
    gathered += part_size;
    from = 0;
  }
  return space.first(gathered);
}

// An attempt that writes all of `Buffers`, record by record. It continues where the last attempt stopped.
template <typename Buffers>
class WriteRecords {
 public:
  explicit WriteRecords(const Buffers& buffers) : buffers_(buffers) {}

  TlsSession::Progress operator()(TlsSession& session) {
    std::array<char, TlsSession::max_record_bytes> space;
    for (;;) {
      const auto record = record_at(buffers_, written_, space);
      if (record.empty()) return {TlsSession::Outcome::done, written_};
      const auto progress = session.write(record);
      if (progress.outcome != TlsSession::Outcome::done) return progress;
      written_ += progress.size;
    }
  }

 private:
  Buffers buffers_;
  std::size_t written_ = 0;
};

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

  // Whether the client speaks plain HTTP although TLS is required. Its answer is in plain HTTP as well.
  bool lacks_tls() const { return lacks_tls_; }

  // Returns nullptr for plain TCP, and after close().
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
