#include "http/resources/fleet/attention_resource.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "http/message/negotiation.hpp"
#include "http/message/query.hpp"
#include "http/resources/fleet/attention_body.hpp"
#include "http/resources/fleet/attention_query.hpp"

namespace ubiety::http {
namespace {

constexpr std::array<std::string_view, 2> media_types{"application/json", "text/csv"};
constexpr std::size_t place_of_csv = 1;

// A list that waits for its shards.
struct Gathering : PendingState {
  std::shared_ptr<const AttentionQuery> query;
  bool wants_csv = false;
  std::size_t missing_shards = 0;
  AttentionPart all;
};

// The page after this one, relative.
std::string next_page(std::string_view query, std::string_view cursor) {
  std::string next = "?";
  for (std::size_t begin = 0; begin < query.size();) {
    const auto end = std::min(query.find('&', begin), query.size());
    const auto parameter = query.substr(begin, end - begin);
    if (!parameter.starts_with("cursor=") && !parameter.empty()) next.append(parameter).append("&");
    begin = end + 1;
  }
  return next.append("cursor=").append(cursor);
}

Answer answer_of(const Gathering& list, std::string_view query) {
  const bool has_more = list.all.rows.size() > list.query->limit;
  const auto rows = std::span(list.all.rows).first(std::min(list.all.rows.size(), list.query->limit));
  const auto cursor = has_more ? attention_cursor(rows.back().rank) : std::string();
  auto answer = json_answer(200, list.wants_csv ? attention_csv(rows) : attention_json(rows, list.all.total, cursor));
  if (list.wants_csv) answer.content_type = "text/csv; charset=utf-8; header=present";  // RFC 4180, 3
  answer.fields.push_back({"Vary", "Accept"});
  if (has_more) answer.fields.push_back({"Link", "<" + next_page(query, cursor) + ">; rel=\"next\""});
  return answer;
}

}  // namespace

AttentionResource::AttentionResource(Service& service)
    : service_(service),
      parts_(service.loop, [this](std::uint64_t ticket, AttentionPart&& part) { add_part(ticket, std::move(part)); }) {}

void AttentionResource::get(Exchange&& exchange) {
  auto query = parse_attention_query(exchange.query(), service_.engine.state().groups);
  if (!query) return exchange.answer(std::move(query.error()));
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  auto list = std::make_unique<Gathering>();
  list->query = std::make_shared<const AttentionQuery>(std::move(*query));
  list->wants_csv = preferred_media_type(exchange.list_field("Accept"), media_types) == place_of_csv;
  list->missing_shards = service_.engine.shards();
  const ReadAttention request{list->query, {}};
  const auto ticket = service_.pending.open(std::move(exchange)).ticket;
  service_.pending.find(ticket)->state = std::move(list);
  service_.engine.read_attention({request.query, parts_.reply_to(ticket)});
}

void AttentionResource::add_part(std::uint64_t ticket, AttentionPart&& part) {
  auto* pending = service_.pending.find(ticket);
  if (pending == nullptr) return;  // its deadline came first
  auto& list = static_cast<Gathering&>(*pending->state);
  list.all.total += part.total;
  std::move(part.rows.begin(), part.rows.end(), std::back_inserter(list.all.rows));
  if (--list.missing_shards != 0) return;
  std::sort(list.all.rows.begin(), list.all.rows.end(),
            [](const auto& left, const auto& right) { return left.rank < right.rank; });
  const auto query = std::string(pending->exchange.query());
  auto answer = answer_of(list, query);
  service_.pending.take(ticket)->exchange.answer(std::move(answer));
}

}  // namespace ubiety::http
