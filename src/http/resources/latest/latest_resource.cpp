#include "http/resources/latest/latest_resource.hpp"

#include <string>
#include <utility>

#include "http/resources/device_status.hpp"

namespace ubiety::http {
namespace {

Answer answer_of(const DeviceId& device_id, const std::optional<Status>& status) {
  if (!status) return device_not_found_answer(device_id);
  std::string body;
  body.reserve(192 + device_id.size());
  append_status(body, StatusForm::latest, device_id, *status);
  return json_answer(200, std::move(body));
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
