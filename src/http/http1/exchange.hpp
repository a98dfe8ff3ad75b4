// One request and its answer, seen without RESTinio: its headers take ten seconds to compile and stay in exchange.cpp
// and server.cpp. The thread that runs the server.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "domain/api_key.hpp"
#include "domain/clock.hpp"
#include "domain/ip_address.hpp"
#include "http/http1/exchange_observer.hpp"
#include "http/http1/request_trace.hpp"
#include "http/message/answer.hpp"
#include "http/message/method.hpp"
#include "http/message/trusted_proxies.hpp"
#include "http/route.hpp"

namespace ubiety::http {

// Holds the request until it is answered. An exchange that goes unanswered leaves the client waiting: answer each.
class Exchange {
 public:
  // `request` is a restinio::request_handle_t. The observers outlive the exchange.
  Exchange(std::shared_ptr<void> request, const ExchangeObservers& observers, SteadyTime began);

  Method method() const { return method_; }
  // As they came: not percent-decoded. The path is without scheme and authority, should there have been any.
  std::string_view path() const { return path_; }
  std::string_view query() const { return query_; }
  // The whole target: the gate's own requests are known by it.
  std::string_view target() const { return target_; }
  std::string_view body() const;
  // The fields are without the white space around their values.
  // The first line of that name: for fields that are no lists.
  std::optional<std::string_view> field(std::string_view name) const;
  // How many lines of that name there are, and the first.
  struct Lines {
    std::size_t count = 0;
    std::string_view first{};
  };
  Lines lines(std::string_view name) const;
  // All lines of that name as one list (RFC 9110, 5.3); empty when there is none.
  std::string list_field(std::string_view name) const;

  // Unknown until the router has said which it is.
  Route route() const { return route_; }
  void set_route(Route route) { route_ = route; }

  // The connection on which it came, see gate::OpenConnections.
  std::uint64_t connection() const;

  // The API key that it came with; 0 where none is asked for.
  KeyId key_id() const { return key_id_; }
  void set_key_id(KeyId id) { key_id_ = id; }

  // Its answer is for the holder of a key: caches may not show it to others.
  void set_needs_key() { needs_key_ = true; }

  // When it was read, with all that came in the same turn of the loop.
  SteadyTime began() const { return began_; }
  // By which this request is known in its answer and in the log: the client's own id, or one that is made here.
  const std::string& request_id() const { return request_id_; }
  // Who sent it: what the limits count by, and the log names. The other end of the connection, or whom that names if it
  // is one of the proxies, of which there is one list.
  const IpAddress& client_address(const TrustedProxies& proxies) const;

  // A field that the answer gets, whichever it is.
  void add_field(std::string_view name, std::string_view value);

  // nullptr when the request is not traced.
  const RequestTrace* trace() const { return trace_.get(); }
  void set_trace(const RequestTrace& trace) { trace_ = std::make_unique<const RequestTrace>(trace); }

  // False once it was answered or moved on.
  bool is_to_be_answered() const { return request_ != nullptr && !is_answered_; }

  // Sends the answer, once. To a HEAD without the body; after `close_all_connections` with `Connection: close`.
  void answer(Answer answer);

  // From now on every answer closes its connection: the service is about to stop. Any thread.
  static void close_all_connections();

 private:
  IpAddress remote_address() const;

  std::shared_ptr<void> request_;
  const ExchangeObservers* observers_;
  SteadyTime began_;
  Method method_;
  Route route_ = Route::unknown;
  KeyId key_id_ = 0;
  bool needs_key_ = false;
  std::string_view target_, path_, query_;
  std::string request_id_;
  std::string added_fields_;  // as they are sent
  std::unique_ptr<const RequestTrace> trace_;
  mutable std::optional<IpAddress> client_;  // once it was asked for
  bool is_answered_ = false;
};

}  // namespace ubiety::http
