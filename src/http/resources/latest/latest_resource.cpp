#include "http/resources/latest/latest_resource.hpp"

#include <utility>

#include "http/resources/device_status.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

Answer latest_answer(const DeviceId& device_id, const Status& status) {
  std::string body;
  body.reserve(192 + device_id.size());
  body += "{\"device_id\":";
  json::append_string(body, device_id);
  body += ",\"timestamp\":";
  json::append_timestamp(body, status.timestamp);
  body += ",\"battery_level\":";
  json::append_number(body, status.battery_level);
  body += ",\"rssi\":";
  json::append_number(body, status.rssi);
  body += ",\"online\":";
  json::append_boolean(body, status.online);
  body += ",\"last_updated\":";
  json::append_timestamp(body, status.received);
  body += '}';
  return json_answer(200, std::move(body));
}

Answer answer_of(const DeviceId& device_id, const std::optional<Status>& status) {
  return status ? latest_answer(device_id, *status) : device_not_found_answer(device_id);
}

}  // namespace

LatestResource::LatestResource(Service& service)
    : service_(service), outcomes_(service.loop, [this](std::uint64_t ticket, std::optional<Status>&& status) {
        answer(ticket, status);
      }) {}

// Reads the shard's view at once unless the shard is writing; then a message asks the shard.
void LatestResource::get(Exchange&& exchange, DeviceId device_id) {
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  if (const auto status = service_.engine.try_latest(device_id)) return exchange.answer(answer_of(device_id, *status));
  const auto ticket = service_.pending.open(std::move(exchange), device_id).ticket;
  service_.engine.read_latest({std::move(device_id), outcomes_.reply_to(ticket)});
}

void LatestResource::answer(std::uint64_t ticket, const std::optional<Status>& status) {
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  const auto& device_id = pending->device_id;
  pending->exchange.answer(answer_of(device_id, status));
}

}  // namespace ubiety::http
