#include "http/resources/device/device_resources.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "domain/report.hpp"
#include "http/message/validation_answer.hpp"
#include "http/metrics/request_log.hpp"
#include "http/resources/device_status.hpp"
#include "http/resources/fleet/fleet_json.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

Answer success_answer(const DeviceId& device_id) {
  std::string body = R"({"status":"success","message":"Device status updated successfully","device_id":)";
  body.reserve(body.size() + device_id.size() + 8);
  json::append_string(body, device_id);
  body += '}';
  return json_answer(200, std::move(body));
}

// The latest status, with the time of receipt as `last_updated`, and all that is known of the device.
void append_latest(std::string& out, std::string_view device_id, const DeviceDetails& details) {
  append_member(out, R"({"device_id":)", device_id);
  out += ',';
  append_reported(out, details.state.status);
  append_member(out, R"(,"last_updated":)", details.state.status.received);
  append_silence(out, details.state);
  append_group(out.append(R"(,"group":)"), details.group);
  append_member(out, R"(,"usual_seconds":)", usual_seconds(details));
  append_member(out, R"(,"due":)", details.due);
  append_problems(out.append(R"(,"problems":)"), details.problems);
  append_member(out, R"(,"muted":)", details.muted_until);
  append_member(out, R"(,"outage":)", details.is_in_outage);
  out += '}';
}

Answer answer_of(const DeviceId& device_id, const std::optional<DeviceDetails>& details) {
  if (!details) return device_not_found_answer(device_id);
  std::string body;
  body.reserve(320 + device_id.size());
  append_latest(body, device_id, *details);
  return json_answer(200, std::move(body));
}

}  // namespace

UpdateResource::UpdateResource(Service& service)
    : service_(service),
      parcels_(service.loop, [this](std::uint64_t ticket, ParcelPointer&& parcel) { answer(ticket, *parcel); }) {}

void UpdateResource::post(Exchange&& exchange) {
  auto body = service_.json_body_of(exchange);
  if (!body) return exchange.answer(std::move(body.error()));
  if (auto refusal = service_.refusal_of(Activity::update)) return exchange.answer(std::move(*refusal));
  auto& admission = service_.engine.admission();
  auto credit = admission.admit({1, static_cast<std::int64_t>(body->text().size())});
  if (!credit) return exchange.answer(overload_answer(credit.error()));

  const auto report = reader_.read(body->text());
  if (!report) return exchange.answer(read_error_answer(report.error()));
  const auto now = service_.clock.now();
  auto update = validate(*report, service_.next_received(now), now, service_.options.max_future);
  if (!update) return exchange.answer(faults_answer(update.error()));
  const auto shard = service_.engine.shard_of(update->device_id);
  if (const auto limit = admission.admit_to_shard(shard, *credit)) return exchange.answer(overload_answer(*limit));

  auto parcel = std::make_unique<Parcel>(shard, std::move(*update));
  parcel->credit = std::move(*credit);
  parcel->trace = update_trace_of(exchange);
  parcel->group = service_.group_of(exchange.key_id());
  const auto opened = service_.pending.open(std::move(exchange));
  parcel->deadline = opened.deadline;
  parcel->reply = parcels_.reply_to(opened.ticket);
  service_.engine.submit(std::move(parcel));
}

void UpdateResource::answer(std::uint64_t ticket, const Parcel& parcel) {
  service_.update_metrics.note(parcel.updates().front());
  const auto& [update, outcome] = parcel.updates().front();
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  switch (outcome) {
    case UpdateOutcome::stored:
    case UpdateOutcome::late:
    case UpdateOutcome::duplicate: return pending->exchange.answer(success_answer(update.device_id));
    case UpdateOutcome::expired:
      return pending->exchange.answer(unavailable_answer("the update waited too long; it was not stored"));
    case UpdateOutcome::unavailable:
      return pending->exchange.answer(
          unavailable_answer("the database did not answer; whether the update was stored is unknown"));
    case UpdateOutcome::refused: return pending->exchange.answer(detail_answer(500, "Internal Server Error"));
  }
}

LatestResource::LatestResource(Service& service)
    : service_(service), outcomes_(service.loop, [this](std::uint64_t ticket, std::optional<DeviceDetails>&& details) {
        answer(ticket, details);
      }) {}

// Reads the shard's view at once unless the shard is writing; then a message asks the shard.
void LatestResource::get(Exchange&& exchange, DeviceId device_id) {
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  if (const auto known = service_.engine.try_latest(device_id)) return exchange.answer(answer_of(device_id, *known));
  const auto ticket = service_.pending.open(std::move(exchange), device_id).ticket;
  service_.engine.read_latest({std::move(device_id), outcomes_.reply_to(ticket)});
}

void LatestResource::answer(std::uint64_t ticket, const std::optional<DeviceDetails>& details) {
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  const auto& device_id = pending->device_id;
  pending->exchange.answer(answer_of(device_id, details));
}

}  // namespace ubiety::http
