// The HTTP server: RESTinio on one thread of its own, with the strict gate before it and the router behind it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "actors/engine.hpp"
#include "domain/clock.hpp"
#include "http/heartbeat.hpp"
#include "http/service.hpp"

namespace ubiety::http {

struct ServerOptions {
  std::string host;  // an address to listen on
  std::uint16_t port;
  std::size_t max_connections;
  std::uint32_t max_body_bytes;
  std::uint32_t max_batch_bytes;       // the same for batch_path
  std::chrono::seconds idle_timeout;   // of a connection between two requests
  std::chrono::seconds head_timeout;   // of a request's head, from its first byte
  std::chrono::seconds body_timeout;   // of a request's body
  std::chrono::seconds write_timeout;  // of a client that does not read its answer
  bool access_log;
  ServiceOptions service;
  HeartbeatOptions heartbeat{};
};

class Server {
 public:
  // Listens and serves from now on. `engine` and `clock` outlive the server. Throws std::exception when the address
  // cannot be had.
  Server(Engine& engine, const Clock& clock, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Takes no more connections, answers what has come in, and returns when all is answered or `timeout` is over: true
  // for the former. Any thread but the server's own.
  bool drain(std::chrono::milliseconds timeout);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace ubiety::http
