#include "http/resources/fleet/mutes_resource.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "domain/status.hpp"
#include "http/message/body_fields.hpp"
#include "http/message/query.hpp"
#include "http/resources/fleet/fleet_json.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

// A change that waits for the keeper, with the body of its answer.
struct Waiting : PendingState {
  std::string body;
};

void append_mute(json::Object& object, const Mute& mute) {
  add_target(object, mute.target);
  object.member("until", mute.until);
  object.member("by", mute.by);
}

std::string body_of(const Mute& mute) {
  std::string body;
  json::append_object(body, [&](json::Object& object) { append_mute(object, mute); });
  return body;
}

Answer answer_to(const MuteOutcome& outcome, std::string body) {
  const auto status = body.empty() ? 204 : 200;
  switch (outcome.kind) {
    case MuteOutcome::Kind::done: return json_answer(status, std::move(body));
    case MuteOutcome::Kind::unknown: return detail_answer(404, "there is no such mute");
    case MuteOutcome::Kind::too_many:
      return detail_answer(409, "there are " + std::to_string(most_mutes) + " mutes, and no more are kept");
    case MuteOutcome::Kind::unavailable: break;
  }
  return unavailable_answer("the database did not answer; whether anything changed is unknown");
}

}  // namespace

// A prefix follows the rules of an id, but for the names that no device may have.
Result<MuteTarget, Answer> parse_mute_target(MuteTarget::Kind kind, std::string_view encoded) {
  const auto name = kind == MuteTarget::Kind::device ? "device_id" : "prefix";
  const auto refuse = [&](ValidationMessage message) {
    return Failure{parameters_answer({{"path", name, std::move(message)}})};
  };
  auto text = percent_decode(encoded);
  if (!text) return refuse(pydantic::bad_percent_encoding());
  const auto fault = check_device_id(*text);
  const bool is_name = fault == DeviceIdFault::reserved || fault == DeviceIdFault::dot_segment;
  if (fault && !(is_name && kind == MuteTarget::Kind::prefix))
    return refuse({std::string(rule_of(*fault)), "value_error.device_id"});
  return MuteTarget{kind, std::move(*text)};
}

Result<Timestamp, Answer> parse_mute_end(json::ObjectReader& reader, std::string_view body, Timestamp now) {
  auto members = reader.read(body);
  if (!members) return Failure{read_error_answer(members.error())};
  BodyFields fields(std::move(*members));
  Timestamp end{};
  if (const auto* member = fields.find("until", true)) {
    const auto* text = std::get_if<std::string_view>(&member->value);
    const auto until = text == nullptr ? std::nullopt : parse_timestamp(*text);
    if (!until)
      fields.fault("until", pydantic::bad_time());
    else if (*until <= now)
      fields.fault("until", {"ensure this time is in the future", "value_error.datetime.past"});
    else
      end = *until;
  }
  if (auto answer = fields.answer()) return Failure{std::move(*answer)};
  return end;
}

MutesResource::MutesResource(Service& service)
    : service_(service),
      outcomes_(service.loop, [this](std::uint64_t ticket, MuteOutcome&& outcome) { answer(ticket, outcome); }) {}

void MutesResource::list(Exchange&& exchange) {
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  const auto mutes = service_.engine.state().mutes.load();
  if (mutes == nullptr) return exchange.answer(unavailable_answer("the mutes are not loaded yet"));
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.array("mutes", [&](json::Array& list) {
      for (const auto& mute : mutes->all()) list.object([&](json::Object& each) { append_mute(each, mute); });
    });
  });
  exchange.answer(json_answer(200, std::move(body)));
}

void MutesResource::put(Exchange&& exchange, MuteTarget::Kind kind, std::string_view encoded) {
  auto target = parse_mute_target(kind, encoded);
  if (!target) return exchange.answer(std::move(target.error()));
  auto body = service_.json_body_of(exchange);
  if (!body) return exchange.answer(std::move(body.error()));
  const auto until = parse_mute_end(reader_, body->text(), service_.clock.now());
  if (!until) return exchange.answer(until.error());
  Mute mute{std::move(*target), *until, {}};
  if (exchange.key_id() != 0) mute.by = exchange.key_id();
  auto answered = body_of(mute);
  ask(std::move(exchange), SetMute{std::move(mute)}, std::move(answered));
}

void MutesResource::remove(Exchange&& exchange, MuteTarget::Kind kind, std::string_view encoded) {
  auto target = parse_mute_target(kind, encoded);
  if (!target) return exchange.answer(std::move(target.error()));
  ask(std::move(exchange), EndMute{std::move(*target)}, {});
}

void MutesResource::ask(Exchange&& exchange, decltype(ManageMutes::command) command, std::string body) {
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  const auto by = exchange.key_id();
  auto request_id = exchange.request_id();
  auto waiting = std::make_unique<Waiting>();
  waiting->body = std::move(body);
  const auto opened = service_.pending.open(std::move(exchange));
  service_.pending.find(opened.ticket)->state = std::move(waiting);
  service_.engine.manage_mutes(
      {std::move(command), by, std::move(request_id), opened.deadline, outcomes_.reply_to(opened.ticket)});
}

void MutesResource::answer(std::uint64_t ticket, const MuteOutcome& outcome) {
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  pending->exchange.answer(answer_to(outcome, std::move(static_cast<Waiting&>(*pending->state).body)));
}

}  // namespace ubiety::http
