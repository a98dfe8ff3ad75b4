// A TCP socket for RESTinio's traits whose incoming bytes pass through a RequestGate; outgoing ones pass as they are.
// Its client has a time to send them.
//
// Goes as `stream_socket_t` into the traits, and gives the server's settings a `gate_limits(...)` and, where requests
// come one at a time, a `gate_deadlines(...)`. As any asio socket
// it is for one thread at a time: RESTinio calls it from the connection's strand.
#pragma once

#include <restinio/all.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "http/gate/connection_deadlines.hpp"
#include "http/gate/lingering_close.hpp"
#include "http/gate/request_gate.hpp"

namespace ubiety::http::gate {

class GatedSocket final : private WaitingForClient {
 public:
  using lowest_layer_type = asio::ip::tcp::socket;
  using executor_type = lowest_layer_type::executor_type;

  // The deadlines, unless they are nullptr, outlive the socket.
  GatedSocket(asio::io_context& context, std::shared_ptr<const GateLimits> limits, ConnectionDeadlines* deadlines)
      : socket_(context), limits_(std::move(limits)), gate_(*limits_) {
    if (deadlines != nullptr) place_ = std::make_unique<ConnectionDeadlines::Place>(*deadlines);
  }

  lowest_layer_type& lowest_layer() { return socket_; }
  const lowest_layer_type& lowest_layer() const { return socket_; }
  executor_type get_executor() { return socket_.get_executor(); }
  bool is_open() const { return socket_.is_open(); }
  auto remote_endpoint() const { return socket_.remote_endpoint(); }
  void cancel(asio::error_code& error) { socket_.cancel(error); }

  // RESTinio closes by shutdown() and close(). After a refusal the client may still be sending, and must get its
  // answer.
  void shutdown(asio::socket_base::shutdown_type what, asio::error_code& error) {
    if (!gate_.is_refused()) socket_.shutdown(what, error);
  }
  void close() {
    if (gate_.is_refused() && socket_.is_open()) {
      close_lingering(std::move(socket_));
    } else {
      socket_.close();
    }
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return socket_.async_write_some(buffers, std::forward<Token>(token));
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
            socket_.async_read_some(target_of_read(buffer), std::move(operation));
            return;
          }
          const std::size_t size = gate_.take(span_of(buffer));
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
      return asio::get_associated_executor(handler, socket.socket_.get_executor());
    }
    allocator_type get_allocator() const noexcept { return asio::get_associated_allocator(handler); }

    void operator()(asio::error_code error, std::size_t size) {
      size = socket.pass(span_of(buffer), error, size);
      if (!error && size == 0 && !socket.is_open()) error = asio::error::operation_aborted;  // closed since the read
      if (!error && size == 0) {
        socket.start_waiting();
        socket.socket_.async_read_some(socket.target_of_read(buffer), std::move(*this));
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
    if (gate_.fill(error ? 0 : size)) {
      size = 0;
    } else if (!error) {
      size = gate_.filter(buffer.first(size));
      if (gate_.take_continue_request()) say_continue();
    }
    if (was_late && size == 0 && !gate_.has_ready()) {
      gate_.end_of_time();
      if (error == asio::error::operation_aborted) error = asio::error::eof;
    }
    if (error == asio::error::eof) {
      gate_.end_of_input();
      if (gate_.has_ready()) error.clear();
    }
    if (size == 0 && !error) size = gate_.take(buffer);
    if (place_ && (size != 0 || error)) place_->leave();
    return size;
  }

  asio::mutable_buffer target_of_read(asio::mutable_buffer buffer) {
    const auto room = gate_.room();
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
    socket_.cancel(ignored);
  }

  // RESTinio says nothing to `Expect: 100-continue`, and a client that waits for it would send its body only after a
  // pause. The gate asks for this only where no answer can be under way, so these few bytes fit into the empty send
  // buffer; should they not, the connection is beyond use.
  void say_continue() {
    constexpr std::string_view answer = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::error_code error;
    socket_.non_blocking(true, error);
    const std::size_t sent = socket_.write_some(asio::buffer(answer.data(), answer.size()), error);
    if (sent != 0 && sent != answer.size()) socket_.shutdown(asio::socket_base::shutdown_both, error);
  }

  lowest_layer_type socket_;
  std::shared_ptr<const GateLimits> limits_;
  RequestGate gate_;
  std::unique_ptr<ConnectionDeadlines::Place> place_;
  bool is_late_ = false;
};

// RESTinio calls these two through argument-dependent lookup, as its own overloads for TLS.
template <typename Connection, typename StartRead, typename Failed>
void prepare_connection_and_start_read(GatedSocket&, Connection&, StartRead start_read, Failed) {
  start_read();
}

inline restinio::impl::tls_socket_t* make_tls_socket_pointer_for_state_listener(GatedSocket&) noexcept {
  return nullptr;
}

}  // namespace ubiety::http::gate

namespace restinio {

// Adds gate_limits() and gate_deadlines() to the settings of a server with gated sockets.
template <typename Settings>
class socket_type_dependent_settings_t<Settings, ubiety::http::gate::GatedSocket> {
 public:
  socket_type_dependent_settings_t() = default;
  socket_type_dependent_settings_t(socket_type_dependent_settings_t&&) noexcept = default;

  Settings& gate_limits(const ubiety::http::gate::GateLimits& limits) & {
    limits_ = std::make_shared<const ubiety::http::gate::GateLimits>(limits);
    return static_cast<Settings&>(*this);
  }
  Settings&& gate_limits(const ubiety::http::gate::GateLimits& limits) && { return std::move(gate_limits(limits)); }

  std::shared_ptr<const ubiety::http::gate::GateLimits> gate_limits() const { return limits_; }

  // They outlive the server and its connections. Without, there are RESTinio's own limits of time only.
  Settings& gate_deadlines(ubiety::http::gate::ConnectionDeadlines& deadlines) & {
    deadlines_ = &deadlines;
    return static_cast<Settings&>(*this);
  }

  ubiety::http::gate::ConnectionDeadlines* gate_deadlines() const { return deadlines_; }

 protected:
  ~socket_type_dependent_settings_t() = default;

 private:
  std::shared_ptr<const ubiety::http::gate::GateLimits> limits_ =
      std::make_shared<const ubiety::http::gate::GateLimits>();
  ubiety::http::gate::ConnectionDeadlines* deadlines_ = nullptr;
};

namespace impl {

// Hands the limits from the settings to every socket that the acceptor makes.
template <>
class socket_supplier_t<ubiety::http::gate::GatedSocket> {
 protected:
  using Socket = ubiety::http::gate::GatedSocket;

  template <typename Settings>
  socket_supplier_t(Settings& settings, asio_ns::io_context& context)
      : context_(context), limits_(settings.gate_limits()), deadlines_(settings.gate_deadlines()) {
    sockets_.reserve(settings.concurrent_accepts_count());
    while (sockets_.size() < settings.concurrent_accepts_count()) sockets_.emplace_back(context_, limits_, deadlines_);
  }

  ~socket_supplier_t() = default;

  Socket& socket(std::size_t index) { return sockets_.at(index); }

  // The slot gets a new socket, as one that was moved from has no limits.
  Socket move_socket(std::size_t index) {
    return std::exchange(sockets_.at(index), Socket(context_, limits_, deadlines_));
  }

  auto concurrent_accept_sockets_count() const noexcept { return sockets_.size(); }

 private:
  asio_ns::io_context& context_;
  std::shared_ptr<const ubiety::http::gate::GateLimits> limits_;
  ubiety::http::gate::ConnectionDeadlines* deadlines_;
  std::vector<Socket> sockets_;
};

}  // namespace impl
}  // namespace restinio
