// The HTTP server: RESTinio on a thread of its own, between the gate and the router. Any thread but the server's own.
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
  std::uint32_t max_batch_bytes;       // the same limit for batch_path
  std::chrono::seconds idle_timeout;   // for a connection between two requests
  std::chrono::seconds head_timeout;   // for a request's head, from its first byte
  std::chrono::seconds body_timeout;   // for a request's body
  std::chrono::seconds write_timeout;  // for a client to read its answer
  bool access_log;
  ServiceOptions service;
  HeartbeatOptions heartbeat{};
};

class Server {
 public:
  // Listens and serves. `engine` and `clock` outlive the server. Throws std::exception if it cannot listen on the
  // address.
  Server(Engine& engine, const Clock& clock, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Accepts no more connections and answers the requests that have arrived. Blocks until they are answered, and returns
  // true, or until `timeout` has passed.
  bool drain(std::chrono::milliseconds timeout);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace ubiety::http
