// The HTTP server: RESTinio on a thread of its own, between the gate and the router; and its heartbeat.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "actors/engine.hpp"
#include "domain/clock.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"

namespace ubiety::http {

struct HeartbeatOptions {
  std::chrono::milliseconds interval{};
  std::function<void()> beat{};  // called each time all shards have answered; without it there is no heartbeat
};

// Proves regularly that requests can be answered: a message goes from the loop to every shard and back, as a request's
// does. While the loop or a shard hangs, there is no beat. The loop's thread.
class Heartbeat {
 public:
  // `loop` and `engine` outlive the heartbeat; the shards live until stop().
  Heartbeat(EventLoop& loop, Engine& engine, HeartbeatOptions options)
      : engine_(engine),
        options_(std::move(options)),
        answers_(loop, [this](std::uint64_t, Alive&&) { note_answer(); }) {
    if (options_.beat) loop.every(options_.interval, [this] { ask(); });
  }

  void stop() { stopped_ = true; }

 private:
  // Asks only when all shards have answered, so that a shard that hangs does not find many messages afterwards.
  void ask() {
    if (stopped_ || missing_answers_ != 0) return;
    missing_answers_ = engine_.shards();
    engine_.prove_alive(answers_.reply_to(0));
  }
  void note_answer() {
    if (--missing_answers_ == 0 && !stopped_) options_.beat();
  }

  Engine& engine_;
  const HeartbeatOptions options_;
  Outbox<Alive> answers_;
  std::size_t missing_answers_ = 0;
  bool stopped_ = false;
};

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

// Any thread but the server's own.
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
