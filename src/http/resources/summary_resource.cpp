#include "http/resources/summary_resource.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "http/message/entity_tag.hpp"
#include "http/resources/summary_page_answer.hpp"

namespace ubiety::http {
namespace {

std::string random_name() {
  std::random_device random;
  return std::to_string((std::uint64_t{random()} << 32) | random());
}

template <class Part>
void append_versions(std::string& out, const std::vector<Part>& parts) {
  for (const auto& part : parts) out += "-" + std::to_string(part.version);
}

}  // namespace

SummaryResource::SummaryResource(Service& service)
    : service_(service),
      process_(random_name()),
      parts_(service.loop, [this](std::uint64_t ticket,
                                  SummaryPart&& part) { gather(ticket, &PendingSummary::parts, std::move(part)); }),
      pages_(service.loop, [this](std::uint64_t ticket, SummaryPage&& page) {
        gather(ticket, &PendingSummary::pages, std::move(page));
      }) {}

void SummaryResource::get(Exchange&& exchange) {
  auto request = parse_summary_request(exchange.query(), exchange.list_field("Accept-Encoding"),
                                       service_.clock.now() - service_.options.stale_after);
  if (!request) return exchange.answer(std::move(request.error()));
  if (auto not_readable = not_readable_answer(service_)) return exchange.answer(std::move(*not_readable));
  const auto ticket = service_.pending.open(std::move(exchange), {}).ticket;
  auto& summary = service_.pending.find(ticket)->summary;
  summary = std::make_unique<PendingSummary>();
  summary->request = std::move(*request);
  if (summary->request.whole)
    service_.dispatcher.read_summary(summary->request.gzip, parts_.reply_to(ticket));
  else
    service_.dispatcher.read_summary_page(summary->request.query, pages_.reply_to(ticket));
}

// In the order of the shards: the same version has to give the same bytes.
template <class Part>
void SummaryResource::gather(std::uint64_t ticket, std::vector<Part> PendingSummary::*gathered, Part part) {
  auto* waiting = service_.pending.find(ticket);
  if (waiting == nullptr) return;  // its deadline was first
  auto& parts = (*waiting->summary).*gathered;
  const auto place =
      std::find_if(parts.begin(), parts.end(), [&](const Part& other) { return other.shard > part.shard; });
  parts.insert(place, std::move(part));
  if (parts.size() == service_.engine.shards().size()) answer(std::move(*service_.pending.take(ticket)));
}

void SummaryResource::answer(PendingExchange pending) {
  auto& [request, parts, pages] = *pending.summary;
  auto& exchange = pending.exchange;
  const auto tag = entity_tag(*pending.summary);
  auto precondition = Precondition::holds;
  if (request.versioned)
    precondition = precondition_of(exchange.list_field("If-Match"), exchange.list_field("If-None-Match"), tag);
  if (precondition == Precondition::failed) return exchange.answer(precondition_failed_answer());
  Answer answer;
  if (precondition == Precondition::not_modified)
    answer.status = 304;
  else if (!request.whole)
    answer = summary_page_answer(pages, request.query);
  else
    answer = request.gzip ? gzipped_.answer(parts) : plain_summary_answer(parts);
  if (request.versioned) answer.fields.push_back({"ETag", tag});
  if (request.whole) answer.fields.push_back({"Vary", "Accept-Encoding"});
  exchange.answer(std::move(answer));
}

// A strong one: of this target, in this coding, these bytes.
std::string SummaryResource::entity_tag(const PendingSummary& summary) const {
  auto tag = "\"" + process_;
  append_versions(tag, summary.parts);
  append_versions(tag, summary.pages);
  return tag + (summary.request.gzip ? "-gzip\"" : "\"");
}

}  // namespace ubiety::http
