// A socket for RESTinio's traits whose incoming bytes pass through a RequestGate; outgoing ones pass as they are. Below
// it is a Stream: TCP, or TLS on it. Its client has a time to send.
//
// Goes as `stream_socket_t` into the traits, with gated_sockets.hpp. As any asio socket it is for one thread at a time:
// RESTinio calls it from the connection's strand.
#pragma once

#include <restinio/asio_include.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "actors/admission.hpp"
#include "http/http1/connection_deadlines.hpp"
#include "http/http1/lingering_close.hpp"
#include "http/http1/open_connections.hpp"
#include "http/http1/request_gate.hpp"
#include "http/http1/stream.hpp"

namespace ubiety::http::gate {

// What the sockets of a server have in common.
struct GateOptions {
  GateLimits limits;
  ConnectionDeadlines* deadlines =
      nullptr;  // outlive the sockets; without, RESTinio's limits of time are all there are
  std::shared_ptr<const transport::TlsContext> tls = nullptr;  // without, they speak plain HTTP
  OpenConnections* connections = nullptr;                      // where they are listed; outlives the sockets
  CreditPool* in_flight = nullptr;  // in which the bytes count that have not made a request yet; outlives them too
};

class GatedSocket final : private WaitingForClient {
 public:
  using lowest_layer_type = asio::ip::tcp::socket;
  using executor_type = lowest_layer_type::executor_type;

  GatedSocket(asio::io_context& context, std::shared_ptr<const GateOptions> options)
      : stream_(context, options->tls), options_(std::move(options)), gate_(options_->limits) {
    if (options_->deadlines != nullptr) place_ = std::make_unique<ConnectionDeadlines::Place>(*options_->deadlines);
    if (options_->in_flight != nullptr) held_ = std::make_unique<UploadCredit>(*options_->in_flight);
  }

  lowest_layer_type& lowest_layer() { return stream_.socket(); }
  const lowest_layer_type& lowest_layer() const { return stream_.socket(); }
  executor_type get_executor() { return lowest_layer().get_executor(); }
  bool is_open() const { return lowest_layer().is_open(); }
  auto remote_endpoint() const { return lowest_layer().remote_endpoint(); }
  void cancel(asio::error_code& error) { lowest_layer().cancel(error); }

  // Once, when it is accepted and in its place in the connection, which has this number.
  void start(std::uint64_t connection) {
    stream_.start();
    if (options_->connections == nullptr) return;
    listed_ = std::make_unique<OpenConnections::Entry>(*options_->connections, connection, native_handle());
  }

  // RESTinio closes by shutdown() and close(). After a refusal the client may still be sending, and must get its
  // answer.
  void shutdown(asio::socket_base::shutdown_type what, asio::error_code& error) {
    if (!gate_.is_refused()) stream_.shutdown(what, error);
  }
  void close() {
    listed_.reset();
    held_.reset();
    if (gate_.is_refused() && is_open()) {
      close_lingering(stream_.release());
    } else {
      stream_.close();
    }
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    stream_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  // Completes with bytes that have passed the gate, however many reads that takes. Nothing comes after a refusal has
  // been delivered: then it reads on, to discard, until it is cancelled or the connection ends.
  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(asio::error_code, std::size_t)>(
        [this](auto&& handler, asio::mutable_buffer buffer) {
          using Handler = std::decay_t<decltype(handler)>;
          ReadOperation<Handler> operation{*this, buffer, std::forward<decltype(handler)>(handler)};
          if (buffer.size() != 0 && !gate_.has_ready()) {
            start_waiting();
            stream_.async_read_some(target_of_read(buffer), std::move(operation));
            return;
          }
          const std::size_t size = gate_.take(span_of(buffer));
          count_held();
          asio::post(asio::bind_executor(
              operation.get_executor(),
              [done = std::move(operation.handler), size]() mutable { std::move(done)(asio::error_code(), size); }));
        },
        token, first_of(buffers));
  }

 private:
  // What asio runs when bytes have come; stands for the handler with its executor and allocator.
  template <typename Handler>
  struct ReadOperation {
    using executor_type = asio::associated_executor_t<Handler, GatedSocket::executor_type>;
    using allocator_type = asio::associated_allocator_t<Handler>;

    executor_type get_executor() const noexcept {
      return asio::get_associated_executor(handler, socket.lowest_layer().get_executor());
    }
    allocator_type get_allocator() const noexcept { return asio::get_associated_allocator(handler); }

    void operator()(asio::error_code error, std::size_t size) {
      size = socket.pass(span_of(buffer), error, size);
      if (!error && size == 0 && !socket.is_open()) error = asio::error::operation_aborted;  // closed since the read
      if (!error && size == 0) {
        socket.start_waiting();
        socket.stream_.async_read_some(socket.target_of_read(buffer), std::move(*this));
        return;
      }
      std::move(handler)(error, size);
    }

    GatedSocket& socket;
    asio::mutable_buffer buffer;
    Handler handler;
  };

  static std::span<char> span_of(asio::mutable_buffer buffer) {
    return {static_cast<char*>(buffer.data()), buffer.size()};
  }

  // A read_some may fill less than all buffers: the first that is not empty does.
  template <typename Buffers>
  static asio::mutable_buffer first_of(const Buffers& buffers) {
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
      if (asio::mutable_buffer(*at).size() != 0) return *at;
    }
    return {};
  }

  // How many bytes to deliver after a read; none means that more must be read.
  std::size_t pass(std::span<char> buffer, asio::error_code& error, std::size_t size) {
    const bool was_late = std::exchange(is_late_, false);
    if (stream_.lacks_tls()) gate_.refuse(Reason::no_tls);
    if (gate_.fill(error ? 0 : size)) {
      size = 0;
    } else if (!error) {
      size = gate_.filter(buffer.first(size));
      if (gate_.take_continue_request()) say_continue();
    }
    if (!error && !has_room()) gate_.end_of_room();
    if (was_late && size == 0 && !gate_.has_ready()) {
      gate_.end_of_time();
      if (error == asio::error::operation_aborted) error = asio::error::eof;
    }
    if (error == asio::error::eof) {
      gate_.end_of_input();
      if (gate_.has_ready()) error.clear();
    }
    if (size == 0 && !error) size = gate_.take(buffer);
    count_held();
    if (place_ && (size != 0 || error)) place_->leave();
    return size;
  }

  void count_held() {
    if (held_) held_->set(gate_.held_bytes());
  }
  bool has_room() {
    count_held();
    return !held_ || gate_.is_refused() || held_->is_within_limit();
  }

  asio::mutable_buffer target_of_read(asio::mutable_buffer buffer) {
    const auto room = gate_.room();
    count_held();
    return room.empty() ? buffer : asio::mutable_buffer(room.data(), room.size());
  }

  // Before each read. To be called from where the socket stays: until then it may be moved.
  void start_waiting() {
    if (place_ && !gate_.is_refused()) place_->wait_for(gate_.awaited(), *this);
  }

  // The read ends: with the refusal of what has begun, else as if the client had gone. If it has got bytes already, and
  // with them a whole request, that was in time.
  void client_is_late() override {
    is_late_ = true;
    asio::error_code ignored;
    cancel(ignored);
  }

  // RESTinio says nothing to `Expect: 100-continue`, and a client that waits for it would send its body only after a
  // pause. The gate asks for this only where no answer can be under way, so these few bytes fit into the empty send
  // buffer; should they not, the connection is beyond use.
  void say_continue() {
    constexpr std::string_view answer = "HTTP/1.1 100 Continue\r\n\r\n";
    const std::size_t sent = stream_.write_now(answer);
    asio::error_code error;
    if (sent != 0 && sent != answer.size()) lowest_layer().shutdown(asio::socket_base::shutdown_both, error);
  }

  int native_handle() { return lowest_layer().native_handle(); }

  transport::Stream stream_;
  std::shared_ptr<const GateOptions> options_;
  RequestGate gate_;
  std::unique_ptr<ConnectionDeadlines::Place> place_;
  std::unique_ptr<OpenConnections::Entry> listed_;
  std::unique_ptr<UploadCredit> held_;
  bool is_late_ = false;
};

}  // namespace ubiety::http::gate
