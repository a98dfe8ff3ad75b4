// /fleet/mutes: mutes a device or a prefix until a moment, ends a mute, lists those that run. The loop's thread; pure
// functions: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/requests.hpp"
#include "domain/result.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/answer.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

// The target in a path, still percent-encoded. The error is the 400 to answer.
Result<MuteTarget, Answer> parse_mute_target(MuteTarget::Kind kind, std::string_view encoded);

// {"until":"…"}: a moment after `now`. The error is the answer with all faults.
Result<Timestamp, Answer> parse_mute_end(json::ObjectReader& reader, std::string_view body, Timestamp now);

class MutesResource {
 public:
  explicit MutesResource(Service& service);

  void list(Exchange&& exchange);
  // `encoded` is the device's id or the prefix, as the path has it.
  void put(Exchange&& exchange, MuteTarget::Kind kind, std::string_view encoded);
  void remove(Exchange&& exchange, MuteTarget::Kind kind, std::string_view encoded);

 private:
  void ask(Exchange&& exchange, decltype(ManageMutes::command) command, std::string body);
  void answer(std::uint64_t ticket, const MuteOutcome& outcome);

  Service& service_;
  json::ObjectReader reader_;
  Outbox<MuteOutcome> outcomes_;
};

}  // namespace ubiety::http
