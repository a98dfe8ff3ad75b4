// What RESTinio needs to run a server on gated sockets. Include it where the server's traits are. The loop's thread.
#pragma once

#include <restinio/all.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "http/http1/gated_socket.hpp"

namespace ubiety::http::gate {

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
