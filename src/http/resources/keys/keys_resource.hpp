// /admin/keys: creates, lists, revokes and rotates API keys; requests and answers as JSON. The loop's thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/answer.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"
#include "keys/administration.hpp"

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

// -- the requests, and the keys in their answers, as JSON: key_json.cpp. Unlike a report, a request must not have
// unknown fields: a key with a misspelt expiry would never expire --

// {"name":"…","scopes":["ingest",…],"expires_at":"…"}; the expiry may be absent or null. The error is the answer with
// all faults.
Result<keys::KeyRequest, Answer> parse_key_request(json::ObjectReader& reader, std::string_view body, Timestamp now);

// {"grace_seconds":N}, or an empty body: how long the old key stays valid beside the new one. The error is the answer.
Result<std::chrono::seconds, Answer> parse_rotation(json::ObjectReader& reader, std::string_view body);

// The id of a key in a path: digits without a sign. Returns nullopt for anything else, which no key has as its id.
std::optional<KeyId> parse_key_id(std::string_view text);

// {"keys":[…],"total_keys":N}
std::string keys_json(const std::vector<ApiKey>& keys, Timestamp now);

// One key with its text, which is shown only this once.
std::string new_key_json(const ApiKey& key, std::string_view text, Timestamp now);

}  // namespace ubiety::http
