// How asynchronous reads and writes come of a TlsSession, which never waits: try, wait for the socket, try again. One
// thread at a time.
#pragma once

#include <restinio/asio_include.hpp>

#include <array>
#include <cstddef>
#include <system_error>
#include <utility>

#include "http/http1/record.hpp"
#include "http/http1/tls_session.hpp"

namespace ubiety::http::transport {

// `Attempt` gives the Progress of what is to be done to the session of `Stream`. It is what asio runs when the socket
// is ready, and stands for the handler with its executor and allocator.
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

  // Tries at once; the handler runs later all the same.
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

// An attempt that writes all of `Buffers`, record by record, going on where the one before had to stop.
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

}  // namespace ubiety::http::transport
