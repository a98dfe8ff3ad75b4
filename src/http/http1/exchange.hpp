// One request and its answer, without RESTinio in sight: RESTinio's headers take ten seconds to compile and stay in
// exchange.cpp and server.cpp. The loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/api_key.hpp"
#include "domain/clock.hpp"
#include "domain/ip_address.hpp"
#include "http/message/answer.hpp"
#include "http/message/header_fields.hpp"
#include "http/message/route.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety::http {

class Exchange;

struct AnswerSent {
  int status;
  std::size_t body_bytes;  // also for a HEAD, which is answered without the body
  SteadyTime began;        // an answer in pieces lasts as long as its client reads
};

// Called for each request when it is answered: metrics, the access log, traces.
class ExchangeObserver {
 public:
  virtual ~ExchangeObserver() = default;

  // Before the answer is written to the socket.
  virtual void answered(const Exchange& exchange, const AnswerSent& answer) = 0;
};

// What all exchanges of a server share.
struct ExchangeContext {
  std::vector<ExchangeObserver*> observers{};
  bool is_closing = false;  // the service is about to stop: every answer closes its connection
};

// The span of a request that is traced.
struct RequestTrace {
  tracing::Tracer& tracer;
  tracing::TraceContext context;
  std::uint64_t parent_id;  // 0: the trace begins with this request
};

// Holds the request until it is answered. A client waits for each answer, so answer each exchange.
class Exchange {
 public:
  // `request` is a restinio::request_handle_t. `context` and its observers outlive the exchange.
  Exchange(std::shared_ptr<void> request, const ExchangeContext& context, SteadyTime began);

  Method method() const { return method_; }
  // Path and query are still percent-encoded. The path is without the scheme and authority of an absolute target.
  std::string_view path() const { return path_; }
  std::string_view query() const { return query_; }
  // The whole target: it identifies the gate's own requests.
  std::string_view target() const { return target_; }
  std::string_view body() const;

  // Field values are without the white space around them.
  // The first line with that name: for fields that are not lists.
  std::optional<std::string_view> field(std::string_view name) const;
  // The number of lines with that name, and the first.
  struct Lines {
    std::size_t count = 0;
    std::string_view first{};
  };
  Lines lines(std::string_view name) const;
  // All lines with that name as one list (RFC 9110, 5.3); empty if there is none.
  std::string list_field(std::string_view name) const;

  // Returns nullptr before the router has set the route, and for a path of no route.
  const Route* route() const { return route_; }
  void set_route(const Route* route) { route_ = route; }

  // The id of the request's connection, see gate::OpenConnections.
  std::uint64_t connection() const;

  // The id of the API key in the request; 0 where no key is needed.
  KeyId key_id() const { return key_id_; }
  void set_key_id(KeyId id) { key_id_ = id; }

  // The answer is for the holder of a key: shared caches may not store it.
  void set_needs_key() { needs_key_ = true; }
  bool needs_key() const { return needs_key_; }

  // When the request was read; the same for all requests of one turn of the loop.
  SteadyTime began() const { return began_; }
  // Identifies the request in the answer and in the log: the client's own id, or a new one.
  const std::string& request_id() const { return request_id_; }
  // The client's address: used for rate limits and the access log. The peer's address, or, if the peer is a trusted
  // proxy, the address that it forwards. The first call's `proxies` count.
  const IpAddress& client_address(const TrustedProxies& proxies) const;

  // Adds a field to the answer, independent of what the answer is.
  void add_field(std::string_view name, std::string_view value);

  // Returns nullptr if the request is not traced.
  const RequestTrace* trace() const { return trace_.get(); }
  void set_trace(const RequestTrace& trace) { trace_ = std::make_unique<const RequestTrace>(trace); }

  // Returns false once the exchange was answered or moved from.
  bool is_to_be_answered() const { return request_ != nullptr && !is_answered_; }

  // Sends the answer, once. A HEAD is answered without the body. If an answer in pieces has begun, closes the
  // connection instead: so the client sees that the answer is incomplete.
  void answer(Answer answer);

  // -- an answer in pieces, whose length is not known when it begins --

  // Sends the head, of an answer without a body. What follows are chunks (RFC 9112, 7.1), or for a client that does not
  // take them, of HTTP/1.0, the bytes until the connection closes. For a HEAD nothing follows: then is_to_be_answered()
  // is false.
  void begin_answer(Answer head, bool takes_chunks);
  // Sends a piece, which is not empty, and calls `sent(is_sent)` once: when the system has taken it, or will not. That
  // may be within this call. Wait for it before the next piece, so that a slow client costs one piece of memory.
  void send_piece(std::string piece, std::function<void(bool is_sent)> sent);
  // The same with a piece that several clients get.
  void send_piece(std::shared_ptr<const std::string> piece, std::function<void(bool is_sent)> sent);
  void end_answer();

 private:
  struct Pieces;

  IpAddress remote_address() const;
  std::string head_for(const Answer& answer, std::optional<std::size_t> body_bytes, bool keep_alive) const;
  // Ends an answer in pieces with its last bytes.
  void finish_pieces(std::string last, bool keep_alive);

  std::shared_ptr<void> request_;
  const ExchangeContext* context_;
  SteadyTime began_;
  Method method_;
  const Route* route_ = nullptr;
  KeyId key_id_ = 0;
  bool needs_key_ = false;
  std::string_view target_, path_, query_;
  std::string request_id_;
  std::string added_fields_;  // as they are sent
  std::unique_ptr<const RequestTrace> trace_;
  mutable std::optional<IpAddress> client_;  // once client_address() was called
  std::shared_ptr<Pieces> pieces_;           // nullptr unless an answer in pieces has begun
  bool is_answered_ = false;
};

// Logs the error, and answers 500 unless the exchange was moved from: then an actor's reply or the deadline answers it.
void answer_failure(Exchange& exchange, const std::exception& error);

// Runs `handle(exchange)`, which may move the exchange on. When it throws, the answer has the id and the fields that
// the exchange had by then.
template <class Handle>
void handle_guarded(Exchange exchange, Handle handle) {
  try {
    handle(exchange);
  } catch (const std::exception& error) {
    answer_failure(exchange, error);
  }
}

}  // namespace ubiety::http
