// /admin/keys: creates, lists, revokes and rotates API keys. The loop's thread.
#pragma once

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

class KeysResource {
 public:
  explicit KeysResource(Service& service);

  void list(Exchange&& exchange);
  void create(Exchange&& exchange);
  void revoke(Exchange&& exchange, std::string_view key_id);
  void rotate(Exchange&& exchange, std::string_view key_id);

 private:
  using Command = decltype(ManageKeys::command);
  void ask(Exchange&& exchange, Command command);
  void answer(std::uint64_t ticket, KeyOutcome&& outcome);

  Service& service_;
  Outbox<KeyOutcome> outcomes_;
  json::ObjectReader reader_;
};

}  // namespace ubiety::http
