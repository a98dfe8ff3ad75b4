// A socket for RESTinio's traits whose incoming bytes pass through a RequestGate; outgoing bytes pass unchanged. Below
// it is a Stream: TCP, or TLS on TCP. The client's time to send is limited.
//
// The traits name it as `stream_socket_t`. Like any asio socket it is for one thread at a time: RESTinio calls it from
// the connection's strand.
#pragma once

#include <restinio/all.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/admission.hpp"
#include "http/http1/connections.hpp"
#include "http/http1/request_gate.hpp"
#include "http/http1/stream.hpp"

namespace ubiety::http::gate {

// Closes connections whose client may still be sending, so that the client receives its answer (RFC 9112, 9.6). One
// thread at a time.
class LingeringConnections {
 public:
  // Ends the outgoing side, then reads and discards until the client ends its own: closing at once would reset the
  // connection, and many clients would lose the answer. After a bound in time and bytes the connection is reset, so
  // that no client waits for ever. Above a number of lingering connections the socket is closed at once.
  void close(asio::ip::tcp::socket socket) const;

 private:
  // RESTinio does not count a lingering connection, so the number bounds the descriptors.
  static constexpr long max_connections = 64;

  std::shared_ptr<const char> slots_ = std::make_shared<const char>();  // each connection shares it
};

// What all sockets of a server share.
struct GateOptions {
  GateLimits limits;
  // These outlive the sockets. Without deadlines only RESTinio's time limits count.
  ConnectionDeadlines* deadlines = nullptr;
  std::shared_ptr<const transport::TlsContext> tls = nullptr;  // nullptr for plain HTTP
  OpenConnections* connections = nullptr;                      // lists the sockets
  CreditPool* in_flight = nullptr;                             // counts bytes that are not a whole request yet
  LingeringConnections lingering{};
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

  // Call it once, when the socket is accepted and has its final place in the connection with this id.
  void start(std::uint64_t connection) {
    stream_.start();
    if (options_->connections == nullptr) return;
    listed_ = std::make_unique<OpenConnections::Entry>(*options_->connections, connection, native_handle());
  }

  // RESTinio calls shutdown(), then close(). After a refusal the client may still be sending, and must receive its
  // answer.
  void shutdown(asio::socket_base::shutdown_type what, asio::error_code& error) {
    if (!gate_.is_refused()) stream_.shutdown(what, error);
  }
  void close() {
    listed_.reset();
    held_.reset();
    if (gate_.is_refused() && is_open()) {
      options_->lingering.close(stream_.release());
    } else {
      stream_.close();
    }
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    stream_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  // Completes with bytes that have passed the gate, after as many reads as that takes. After a refusal was delivered it
  // reads and discards until it is cancelled or the connection ends.
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
  // What asio runs when bytes have arrived, with the handler's executor and allocator.
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

  // A read_some need not fill all buffers: it uses the first that is not empty.
  template <typename Buffers>
  static asio::mutable_buffer first_of(const Buffers& buffers) {
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers); ++at) {
      if (asio::mutable_buffer(*at).size() != 0) return *at;
    }
    return {};
  }

  // Passes what a read brought through the gate. Returns the number of bytes to deliver; 0 without an error means that
  // more must be read.
  std::size_t pass(std::span<char> buffer, asio::error_code& error, std::size_t size);
  std::size_t filter(std::span<char> input);
  void end_late(asio::error_code& error);
  void end_input(asio::error_code& error);

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

  // Call it before each read, when the socket has its final place.
  void start_waiting() {
    if (place_ && !gate_.is_refused()) place_->wait_for(gate_.awaited(), *this);
  }

  // Cancels the read, which then refuses an incomplete request, or ends as if the client had gone. A request that is
  // complete by then is in time.
  void client_is_late() override;

  void send_100_continue();

  int native_handle() { return lowest_layer().native_handle(); }

  transport::Stream stream_;
  std::shared_ptr<const GateOptions> options_;
  RequestGate gate_;
  std::unique_ptr<ConnectionDeadlines::Place> place_;
  std::unique_ptr<OpenConnections::Entry> listed_;
  std::unique_ptr<UploadCredit> held_;
  bool is_late_ = false;
};

// RESTinio finds these two by argument-dependent lookup, as it does its own overloads for TLS.
template <typename Connection, typename StartRead, typename Failed>
void prepare_connection_and_start_read(GatedSocket& socket, Connection& connection, StartRead start_read, Failed) {
  socket.start(connection.connection_id());
  start_read();
}

inline restinio::impl::tls_socket_t* make_tls_socket_pointer_for_state_listener(GatedSocket&) noexcept {
  return nullptr;
}

}  // namespace ubiety::http::gate

// What RESTinio needs to run a server on such sockets.
namespace restinio {

// Adds gate(...) to the settings of a server with gated sockets.
template <typename Settings>
class socket_type_dependent_settings_t<Settings, ubiety::http::gate::GatedSocket> {
 public:
  using Options = ubiety::http::gate::GateOptions;

  socket_type_dependent_settings_t() = default;
  socket_type_dependent_settings_t(socket_type_dependent_settings_t&&) noexcept = default;

  Settings& gate(Options options) & {
    options_ = std::make_shared<const Options>(std::move(options));
    return static_cast<Settings&>(*this);
  }
  Settings&& gate(Options options) && { return std::move(gate(std::move(options))); }

  std::shared_ptr<const Options> gate() const { return options_; }

 protected:
  ~socket_type_dependent_settings_t() = default;

 private:
  std::shared_ptr<const Options> options_ = std::make_shared<const Options>();
};

namespace impl {

// Makes the acceptor's sockets with the options from the settings.
template <>
class socket_supplier_t<ubiety::http::gate::GatedSocket> {
 protected:
  using Socket = ubiety::http::gate::GatedSocket;

  template <typename Settings>
  socket_supplier_t(Settings& settings, asio_ns::io_context& context) : context_(context), options_(settings.gate()) {
    sockets_.reserve(settings.concurrent_accepts_count());
    while (sockets_.size() < settings.concurrent_accepts_count()) sockets_.emplace_back(context_, options_);
  }

  ~socket_supplier_t() = default;

  Socket& socket(std::size_t index) { return sockets_.at(index); }

  // The slot gets a new socket, because a socket that was moved from has no options.
  Socket move_socket(std::size_t index) { return std::exchange(sockets_.at(index), Socket(context_, options_)); }

  auto concurrent_accept_sockets_count() const noexcept { return sockets_.size(); }

 private:
  asio_ns::io_context& context_;
  std::shared_ptr<const ubiety::http::gate::GateOptions> options_;
  std::vector<Socket> sockets_;
};

}  // namespace impl
}  // namespace restinio
