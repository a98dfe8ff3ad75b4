// One request and its answer, seen without RESTinio: its headers take ten seconds to compile and stay in exchange.cpp
// and server.cpp. The thread that runs the server.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/answer.hpp"
#include "http/method.hpp"

namespace ubiety::http {

// Holds the request until it is answered. An exchange that goes unanswered leaves the client waiting: answer each.
class Exchange {
 public:
  // `request` is a restinio::request_handle_t.
  explicit Exchange(std::shared_ptr<void> request);

  Method method() const { return method_; }
  // As they came: not percent-decoded. The path is without scheme and authority, should there have been any.
  std::string_view path() const { return path_; }
  std::string_view query() const { return query_; }
  // The whole target: the gate's own requests are known by it.
  std::string_view target() const { return target_; }
  std::string_view body() const;
  std::optional<std::string_view> field(std::string_view name) const;

  // Sends the answer, once. To a HEAD without the body; after `close_all_connections` with `Connection: close`.
  void answer(Answer answer);

  // From now on every answer closes its connection: the service is about to stop. Any thread.
  static void close_all_connections();

 private:
  std::shared_ptr<void> request_;
  Method method_;
  std::string_view target_, path_, query_;
};

}  // namespace ubiety::http
