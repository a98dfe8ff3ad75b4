#include "http/summary_resource.hpp"

#include <memory>
#include <utility>

#include "json/writer.hpp"

namespace ubiety::http {
namespace {

std::string counts_json(std::uint64_t devices, std::uint64_t online) {
  std::string text = "],\"total_devices\":";
  json::append_number(text, devices);
  text += ",\"online_devices\":";
  json::append_number(text, online);
  text += ",\"offline_devices\":";
  json::append_number(text, devices - online);
  text += '}';
  return text;
}

// The shards' pieces go out as they are, but that the first device of all has no comma before it.
Answer summary_answer(std::vector<SummaryPart>& parts) {
  auto answer = json_answer(200, "{\"devices\":[");
  std::uint64_t devices = 0, online = 0;
  for (auto& part : parts) {
    devices += part.devices;
    online += part.online;
    for (auto& piece : part.pieces) answer.more_body.emplace_back(std::move(piece), answer.more_body.empty() ? 1 : 0);
  }
  answer.more_body.emplace_back(std::make_shared<const std::string>(counts_json(devices, online)));
  return answer;
}

}  // namespace

void render_summary_device(std::string& out, std::string_view device_id, const Status& status) {
  out += ",{\"device_id\":";
  json::append_string(out, device_id);
  out += ",\"battery_level\":";
  json::append_number(out, status.battery_level);
  out += ",\"online\":";
  json::append_boolean(out, status.online);
  out += ",\"last_update\":";
  json::append_timestamp(out, status.timestamp);
  out += '}';
}

SummaryResource::SummaryResource(Service& service)
    : service_(service),
      parts_(service.loop, [this](std::uint64_t ticket, SummaryPart&& part) { gather(ticket, std::move(part)); }) {}

void SummaryResource::get(Exchange exchange) {
  if (auto not_readable = not_readable_answer(service_)) return exchange.answer(std::move(*not_readable));
  const auto ticket = service_.pending.open(std::move(exchange), {}).ticket;
  service_.dispatcher.read_summary(parts_.reply_to(ticket));
}

void SummaryResource::gather(std::uint64_t ticket, SummaryPart&& part) {
  auto* waiting = service_.pending.find(ticket);
  if (waiting == nullptr) return;  // its deadline was first
  waiting->parts.push_back(std::move(part));
  if (waiting->parts.size() < service_.engine.shards().size()) return;
  auto pending = service_.pending.take(ticket);
  pending->exchange.answer(summary_answer(pending->parts));
}

}  // namespace ubiety::http
