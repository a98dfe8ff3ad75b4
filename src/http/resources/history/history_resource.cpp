#include "http/resources/history/history_resource.hpp"

#include <utility>

#include "http/resources/device_status.hpp"
#include "http/resources/history/history_query.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

void append_record(std::string& out, const Status& record) {
  out += "{\"timestamp\":";
  json::append_timestamp(out, record.timestamp);
  out += ",\"battery_level\":";
  json::append_number(out, record.battery_level);
  out += ",\"rssi\":";
  json::append_number(out, record.rssi);
  out += ",\"online\":";
  json::append_boolean(out, record.online);
  out += '}';
}

Answer page_answer(const DeviceId& device_id, const HistoryPage& page) {
  std::string body = "{\"device_id\":";
  body.reserve(128 + 96 * page.records.size());
  json::append_string(body, device_id);
  body += ",\"history\":";
  json::append_array(body, [&page](json::Array& list) {
    for (const auto& record : page.records) append_record(list.begin_element(), record);
  });
  body += ",\"total_records\":";
  json::append_number(body, page.total_records);
  body += ",\"has_more\":";
  json::append_boolean(body, page.has_more);
  body += '}';
  return json_answer(200, std::move(body));
}

}  // namespace

HistoryResource::HistoryResource(Service& service)
    : service_(service), outcomes_(service.loop, [this](std::uint64_t ticket, HistoryOutcome&& outcome) {
        answer(ticket, std::move(outcome));
      }) {}

void HistoryResource::get(Exchange&& exchange, DeviceId device_id) {
  auto query = parse_history_query(device_id, exchange.query());
  if (!query) return exchange.answer(std::move(query.error()));
  if (auto refusal = service_.refusal_of(Activity::history)) return exchange.answer(std::move(*refusal));
  const auto opened = service_.pending.open(std::move(exchange), std::move(device_id));
  service_.engine.read_history({std::move(*query), opened.deadline, outcomes_.reply_to(opened.ticket)});
}

void HistoryResource::answer(std::uint64_t ticket, HistoryOutcome&& outcome) {
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  auto& exchange = pending->exchange;
  const auto& device_id = pending->device_id;
  if (outcome.kind == HistoryOutcome::Kind::unknown_device) return exchange.answer(device_not_found_answer(device_id));
  if (outcome.kind == HistoryOutcome::Kind::unavailable)
    return exchange.answer(unavailable_answer("the database does not answer"));
  auto answer = page_answer(device_id, outcome.page);
  if (outcome.page.has_more) {
    const auto query = parse_history_query(device_id, exchange.query());
    const auto next = next_page_reference(*query, outcome.page.records.back());
    answer.fields.push_back({"Link", "<" + next + ">; rel=\"next\""});
  }
  exchange.answer(std::move(answer));
}

}  // namespace ubiety::http
