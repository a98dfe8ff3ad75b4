#include "http/resources/device/history_resource.hpp"

#include <memory>
#include <string>
#include <utility>

#include "http/resources/device/history_body.hpp"
#include "http/resources/device_status.hpp"

namespace ubiety::http {
namespace {

// Returns nullptr if the client wants JSON.
HistoryLines* lines_of(const PendingExchange& pending) { return static_cast<HistoryLines*>(pending.state.get()); }

// Without a body.
Answer lines_answer(const HistoryLines& lines) {
  Answer answer;
  answer.content_type = lines.content_type();
  return answer;
}

// The form of an answer depends on Accept.
void add_vary(Answer& answer) { answer.fields.push_back({"Vary", "Accept"}); }

Answer buckets_answer(const DeviceId& device_id, const HistoryBuckets& buckets) {
  auto answer = json_answer(200, buckets_body(device_id, buckets));
  add_vary(answer);
  return answer;
}

// Adds Vary, and the link to the next page, if there is one.
void add_fields(Answer& answer, const HistoryQuery& query, const HistoryPage& page, bool has_next_page) {
  add_vary(answer);
  if (!has_next_page) return;
  const auto next = next_page_reference(query, page.records.back());
  answer.fields.push_back({"Link", "<" + next + ">; rel=\"next\""});
}

}  // namespace

HistoryResource::HistoryResource(Service& service)
    : service_(service), outcomes_(service.loop, [this](std::uint64_t ticket, HistoryOutcome&& outcome) {
        answer(ticket, std::move(outcome));
      }) {}

void HistoryResource::get(Exchange&& exchange, DeviceId device_id) {
  auto request = parse_history_request(device_id, exchange.query());
  if (!request) return exchange.answer(std::move(request.error()));
  if (auto refusal = service_.refusal_of(Activity::history)) return exchange.answer(std::move(*refusal));
  std::unique_ptr<HistoryLines> lines;
  if (const auto form = line_form_of(exchange.list_field("Accept")); form && !request->buckets) {
    lines = std::make_unique<HistoryLines>(service_, *request, *form);
    request->query = lines->query();
  }
  read({std::move(exchange), std::move(device_id), std::move(lines)}, *request);
}

void HistoryResource::read(PendingExchange&& pending, const HistoryRequest& request) {
  const auto opened = service_.pending.open(std::move(pending.exchange), std::move(pending.device_id));
  service_.pending.find(opened.ticket)->state = std::move(pending.state);
  service_.engine.read_history({request.query, opened.deadline, outcomes_.reply_to(opened.ticket), request.buckets});
}

void HistoryResource::answer(std::uint64_t ticket, HistoryOutcome&& outcome) {
  auto pending = service_.pending.take(ticket);
  if (!pending) return;  // its deadline came first
  auto& exchange = pending->exchange;
  const auto& device_id = pending->device_id;
  switch (outcome.kind) {
    case HistoryOutcome::Kind::unknown_device: return exchange.answer(device_not_found_answer(device_id));
    case HistoryOutcome::Kind::unavailable: return exchange.answer(unavailable_answer("the database does not answer"));
    case HistoryOutcome::Kind::buckets: return exchange.answer(buckets_answer(device_id, *outcome.buckets));
    case HistoryOutcome::Kind::page: break;
  }
  if (lines_of(*pending) == nullptr)
    answer_page(std::move(*pending), outcome.page);
  else
    answer_lines(std::move(*pending), outcome.page);
}

void HistoryResource::answer_page(PendingExchange&& pending, const HistoryPage& page) {
  auto answer = json_answer(200, page_body(pending.device_id, page));
  const auto request = parse_history_request(pending.device_id, pending.exchange.query());
  add_fields(answer, request->query, page, page.has_more);
  pending.exchange.answer(std::move(answer));
}

void HistoryResource::answer_lines(PendingExchange&& pending, const HistoryPage& page) {
  auto& exchange = pending.exchange;
  auto& lines = *lines_of(pending);
  auto text = lines.lines_of(page);
  const bool is_last = lines.ends_with(page);
  if (lines.is_sending()) {
    if (!is_last) return send_lines(std::move(pending), std::move(text));
    if (!text.empty()) exchange.send_piece(std::move(text), [](bool) {});
    return exchange.end_answer();
  }
  auto answer = lines_answer(lines);
  add_fields(answer, lines.query(), page, is_last && page.has_more);
  if (is_last) {
    answer.body = std::move(text);
    return exchange.answer(std::move(answer));
  }
  if (!lines.begin_sending(text.size())) return exchange.answer(unavailable_answer(too_much_unread));
  const bool takes_chunks = !service_.connections.speaks_http_1_0(exchange.connection());
  exchange.begin_answer(std::move(answer), takes_chunks);
  if (exchange.is_to_be_answered()) send_lines(std::move(pending), std::move(text));
}

void HistoryResource::send_lines(PendingExchange&& pending, std::string lines) {
  const auto number = ++last_number_;
  auto& exchange = sending_.emplace(number, std::move(pending)).first->second.exchange;
  exchange.send_piece(std::move(lines), [this, &loop = service_.loop, number](bool is_sent) {
    loop.post([this, number, is_sent] { go_on(number, is_sent); });
  });
}

void HistoryResource::go_on(std::uint64_t number, bool is_sent) {
  auto pending = std::move(sending_.extract(number).mapped());
  if (!is_sent) return pending.exchange.answer(unavailable_answer("the client has gone"));
  const auto query = lines_of(pending)->query();
  read(std::move(pending), {query});
}

}  // namespace ubiety::http
