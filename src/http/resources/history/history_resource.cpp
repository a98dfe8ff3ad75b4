#include "http/resources/history/history_resource.hpp"

#include <utility>

#include "http/resources/device_status.hpp"
#include "http/resources/history/history_query.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

Answer page_answer(const DeviceId& device_id, const HistoryPage& page) {
  std::string body;
  body.reserve(128 + 96 * page.records.size());
  json::append_object(body, [&](json::Object& object) {
    object.member("device_id", device_id);
    object.array("history", [&page](json::Array& list) {
      for (const auto& record : page.records) append_status(list.begin_element(), StatusForm::record, {}, record);
    });
    object.member("total_records", page.total_records);
    object.member("has_more", page.has_more);
  });
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
