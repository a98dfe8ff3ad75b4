#include "http/resources/device/removal_resource.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "http/message/query.hpp"
#include "http/resources/device_status.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

struct RemovalRequest {
  DeviceSelection selection;
  std::uint64_t expected = 0;
};

// A forgotten parameter must not remove the whole fleet. The error is the answer.
Result<RemovalRequest, Answer> parse_removal(std::string_view query) {
  QueryReader reader(query);
  RemovalRequest request;
  auto& filter = request.selection.filter;
  if (const auto prefix = reader.utf8_text("prefix")) filter.prefix = *prefix;
  filter.silent_for = reader.duration("silent_for");
  if (filter.is_empty() && !reader.has("silent_for"))
    reader.fault("prefix", {"prefix or silent_for is needed", "value_error.combination"});
  const auto expected = reader.integer("expect", 0, std::numeric_limits<std::int64_t>::max());
  if (!reader.has("expect")) reader.fault("expect", pydantic::missing());
  if (auto refusal = reader.refusal()) return Failure{std::move(*refusal)};
  request.expected = static_cast<std::uint64_t>(*expected);
  return request;
}

Answer removed_answer(std::uint64_t devices) {
  std::string body;
  json::append_object(body, [&](json::Object& object) { object.member("removed", devices); });
  return json_answer(200, std::move(body));
}

Answer count_differs_answer(std::uint64_t matches) {
  std::string body;
  json::append_object(body, [&](json::Object& object) {
    object.member("detail", "the number of devices that match is not the expected one; none was removed");
    object.member("matches", matches);
  });
  return json_answer(412, std::move(body));
}

Answer answer_to(const DeviceId& device_id, const RemovalOutcome& outcome) {
  switch (outcome.kind) {
    case RemovalOutcome::Kind::done: return device_id.empty() ? removed_answer(outcome.devices) : json_answer(204, {});
    case RemovalOutcome::Kind::unknown_device: return device_not_found_answer(device_id);
    case RemovalOutcome::Kind::count_differs: return count_differs_answer(outcome.devices);
    case RemovalOutcome::Kind::unavailable: break;
  }
  return unavailable_answer("the database did not answer; what was removed is unknown");
}

}  // namespace

RemovalResource::RemovalResource(Service& service)
    : service_(service),
      outcomes_(service.loop, [this](std::uint64_t ticket, RemovalOutcome&& outcome) { answer(ticket, outcome); }) {}

void RemovalResource::remove(Exchange&& exchange, DeviceId device_id) {
  ask(std::move(exchange), {.device_id = std::move(device_id)}, std::nullopt);
}

void RemovalResource::remove_selected(Exchange&& exchange) {
  auto request = parse_removal(exchange.query());
  if (!request) return exchange.answer(std::move(request.error()));
  ask(std::move(exchange), std::move(request->selection), request->expected);
}

// What is received from here on is not removed.
void RemovalResource::ask(Exchange&& exchange, DeviceSelection selection, std::optional<std::uint64_t> expected) {
  if (auto refusal = service_.refusal_of(Activity::history)) return exchange.answer(std::move(*refusal));
  const auto at = service_.next_received(service_.clock.now());
  service_.engine.state().receipts.note_assigned(at);
  const auto by = exchange.key_id();
  auto request_id = exchange.request_id();
  const auto opened = service_.pending.open(std::move(exchange), selection.device_id.value_or(DeviceId()));
  service_.engine.remove_devices({std::move(selection), expected, at, by, std::move(request_id), opened.deadline,
                                  outcomes_.reply_to(opened.ticket)});
}

void RemovalResource::answer(std::uint64_t ticket, const RemovalOutcome& outcome) {
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  pending->exchange.answer(answer_to(pending->device_id, outcome));
}

}  // namespace ubiety::http
