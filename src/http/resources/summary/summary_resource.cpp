#include "http/resources/summary/summary_resource.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "domain/random.hpp"
#include "http/message/header_fields.hpp"
#include "http/resources/feed_position.hpp"

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 50ms;                // between checks for clients that have gone
constexpr auto time_slice = 1ms;                    // for bodies and answers, before the loop serves other requests
constexpr std::size_t max_clients_checked = 256;    // per scan and check
constexpr std::int64_t bytes_of_a_sent_piece = 64;  // what RESTinio keeps for each piece and client

constexpr std::string_view too_many_scans = "too many summaries are requested at the same time (MAX_SCANS)";

std::int64_t size_of(const SummaryBody::Pieces& pieces) {
  std::int64_t size = 0;
  for (const auto& piece : pieces) size += static_cast<std::int64_t>(piece->size());
  return size;
}

// The pieces for one client. They also count what RESTinio keeps for the client, until it releases the last piece,
// which it does together with all others. Returns nullopt if the budget is exhausted.
std::optional<SummaryBody::Pieces> held_by_client(SummaryBody::Pieces pieces, const SummaryScanPointer& scan) {
  const auto bytes = static_cast<std::int64_t>(pieces.size()) * bytes_of_a_sent_piece;
  if (!scan->held.grow(bytes)) return std::nullopt;
  auto& last = pieces.back();
  const auto* text = last.get();
  last = {text, [kept = last, scan, bytes](const std::string*) { scan->held.shrink(bytes); }};
  return pieces;
}

// Counts the body instead of the parts from which it was made. Returns false if the budget is exhausted.
bool hold_exactly(ByteBudget::Share& held, std::int64_t bytes) {
  const auto more = bytes - held.bytes();
  if (more > 0) return held.grow(more);
  held.shrink(-more);
  return true;
}

// The client does not read it; it closes the connection.
Answer gone_answer() {
  auto answer = unavailable_answer("the client has closed its side of the connection");
  answer.close = true;
  return answer;
}

// Whether the shards have answered about the page of a sort.
bool has_page(const PendingScan& scan) {
  return scan.order &&
         std::none_of(scan.parts.begin(), scan.parts.end(), [](const SummaryPart& part) { return part.is_outdated; });
}

}  // namespace

SummaryResource::SummaryResource(Service& service)
    : service_(service),
      process_(std::to_string(random_secret())),
      scans_(service.options.max_scans),
      parts_(service.loop, [this](std::uint64_t number, SummaryPart&& part) { add_part(number, std::move(part)); }) {
  service.loop.every(look_interval, [this] { drop_gone_clients(); });
}

void SummaryResource::get(Exchange&& exchange) {
  auto request =
      parse_summary_request(exchange.query(), exchange.list_field("Accept-Encoding"), service_.engine.state().groups);
  if (!request) return exchange.answer(std::move(request.error()));
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  if (const auto edition = current_edition(*request))
    if (auto answer = precondition_answer(exchange, *request, *edition)) return exchange.answer(std::move(*answer));
  auto* scan = scans_.join(*request);
  if (scan == nullptr) {
    ++service_.scan_metrics.refused;
    return exchange.answer(unavailable_answer(too_many_scans));
  }
  const auto opened = service_.pending.open(std::move(exchange));
  scan->tickets.push_back(opened.ticket);
  scan->deadline = opened.deadline;
  begin_scans();
}

void SummaryResource::begin_scans() {
  for (auto next = scans_.next(); next.scan != nullptr; next = scans_.next()) {
    auto& [number, scan] = next;
    if (!service_.engine.unread().has_room_for(1)) {
      refuse(number, *scan);
      continue;
    }
    scan->scan = std::make_shared<SummaryScan>(service_.engine.unread(), scan->deadline);
    scan->last_event = service_.engine.state().fleet.last_number();
    const auto& query = scan->request.query;
    if (query.offset != 0) scan->order = orders_.find(query, std::chrono::steady_clock::now());
    ask_shards(number, *scan);
  }
  service_.scan_metrics.running = scans_.running();
  service_.scan_metrics.waiting = scans_.waiting();
}

// For a sort the shards are asked twice: for their sorted devices, and then for the page among those of all.
void SummaryResource::ask_shards(std::uint64_t number, PendingScan& scan) {
  const auto& query = scan.request.query;
  if (scan.order) scan.page = scan.order->page(query.offset, *query.limit);
  service_.engine.read_summary({scan.scan, query, scan.request.gzip, parts_.reply_to(number), scan.page.spans});
}

void SummaryResource::add_part(std::uint64_t number, SummaryPart&& part) {
  auto* scan = scans_.find(number);
  if (scan == nullptr) return;  // no client waits for it any longer
  if (part.is_too_large) {
    refuse(number, *scan);
    return begin_scans();
  }
  // In the order of the shards, so that the same version has the same bytes.
  auto& parts = scan->parts;
  const auto place =
      std::find_if(parts.begin(), parts.end(), [&](const SummaryPart& other) { return other.shard > part.shard; });
  parts.insert(place, std::move(part));
  if (parts.size() == service_.engine.shards()) finish(number, *scan);
}

void SummaryResource::finish(std::uint64_t number, PendingScan& scan) {
  auto& parts = scan.parts;
  if (scan.request.query.sort && !has_page(scan)) {
    sort(scan);
    ask_shards(number, scan);
    return begin_scans();
  }
  if (scan.order) scan.order->complete(parts);
  auto& next = finished_.emplace_back(Finished{number, edition_of(scan), {}, {}});
  if (scan.request.gzip && next.edition.tag == gzipped_.tag)
    next.pieces = gzipped_.pieces;
  else
    next.body.emplace(scan.request, std::move(parts), scan.page.skipped);
  if (finished_.size() == 1) service_.loop.post([this] { work(); });
}

// Takes the sorted devices from the shards' answers. Forgets those of a shard that was replaced since: all shards then
// sort again.
void SummaryResource::sort(PendingScan& scan) {
  orders_.forget(scan.order);
  const bool is_sorted = !scan.order;
  scan.order.reset();
  scan.page = {};
  auto parts = std::exchange(scan.parts, {});
  if (!is_sorted) return;
  const auto& query = scan.request.query;
  scan.order = std::make_shared<const SummaryOrder>(query, std::move(parts));
  orders_.keep(scan.order, query, std::chrono::steady_clock::now());
}

void SummaryResource::work() {
  const auto end = std::chrono::steady_clock::now() + time_slice;
  while (!finished_.empty() && std::chrono::steady_clock::now() < end)
    if (advance(finished_.front())) finished_.pop_front();
  if (!finished_.empty()) service_.loop.post([this] { work(); });
}

// Does one step of the body, or answers one client. Returns whether the scan is finished.
bool SummaryResource::advance(Finished& finished) {
  auto* scan = scans_.find(finished.number);
  if (scan == nullptr) return true;  // no client waits for it any longer
  if (finished.body) {
    if (!finished.body->advance()) return false;
    finished.pieces = finished.body->pieces();
    finished.body.reset();
    if (scan->request.gzip) gzipped_ = {finished.edition.tag, finished.pieces};
  }
  if (!finished.is_held) {
    finished.is_held = hold_exactly(scan->scan->held, size_of(finished.pieces));
    if (!finished.is_held) refuse(finished.number, *scan);
    return !finished.is_held;
  }
  answer_one(finished, *scan);
  if (!scan->tickets.empty()) return false;
  ++service_.scan_metrics.finished;
  scans_.end(finished.number);
  begin_scans();
  return true;
}

void SummaryResource::answer_one(const Finished& finished, PendingScan& scan) {
  if (scan.tickets.empty()) return;
  auto pending = service_.pending.take(scan.tickets.back());
  scan.tickets.pop_back();
  if (!pending) return;  // its deadline came first
  auto& exchange = pending->exchange;
  if (is_gone(exchange)) return exchange.answer(gone_answer());
  if (auto answer = precondition_answer(exchange, scan.request, finished.edition))
    return exchange.answer(std::move(*answer));
  auto pieces = held_by_client(finished.pieces, scan.scan);
  if (!pieces) return exchange.answer(unavailable_answer(too_much_unread));
  auto answer = json_answer(200, "");
  answer.more_body = std::move(*pieces);
  if (scan.request.gzip) answer.fields.push_back({"Content-Encoding", "gzip"});
  add_fields(answer, scan.request, finished.edition);
  exchange.answer(std::move(answer));
}

// Called before the scan begins if the budget is exhausted by then, else as soon as it is exhausted.
void SummaryResource::refuse(std::uint64_t number, PendingScan& scan) {
  ++service_.scan_metrics.refused;
  if (scan.scan) scan.scan->is_abandoned = true;
  for (const auto ticket : scan.tickets)
    if (auto pending = service_.pending.take(ticket)) pending->exchange.answer(unavailable_answer(too_much_unread));
  scans_.end(number);
}

// Answers the clients that have gone, and ends scans without a client. RESTinio does not read while it waits for an
// answer, so it does not notice that a client has gone.
void SummaryResource::drop_gone_clients() {
  for (const auto number : scans_.numbers()) {
    auto* scan = scans_.find(number);
    auto& tickets = scan->tickets;
    for (std::size_t looked = 0; !tickets.empty() && looked < max_clients_checked; ++looked) {
      const auto* pending = service_.pending.find(tickets.back());
      if (pending != nullptr && !is_gone(pending->exchange)) break;
      if (pending != nullptr) service_.pending.take(tickets.back())->exchange.answer(gone_answer());
      tickets.pop_back();
    }
    if (!tickets.empty()) continue;
    ++service_.scan_metrics.abandoned;
    if (scan->scan) scan->scan->is_abandoned = true;
    scans_.end(number);
  }
  orders_.forget_old(std::chrono::steady_clock::now());
  begin_scans();
}

bool SummaryResource::is_gone(const Exchange& exchange) const {
  return service_.connections.is_gone(exchange.connection());
}

void SummaryResource::add_fields(Answer& answer, const SummaryRequest& request, const Edition& edition) {
  answer.fields.push_back({"ETag", edition.tag});
  answer.fields.push_back({std::string(position_field), edition.position});
  if (request.query.is_of_all()) answer.fields.push_back({"Vary", "Accept-Encoding"});
}

// Returns 304 if the client has this summary, 412 if it requires another one, nullopt if it needs the body.
std::optional<Answer> SummaryResource::precondition_answer(const Exchange& exchange, const SummaryRequest& request,
                                                           const Edition& edition) {
  switch (precondition_of(exchange.list_field("If-Match"), exchange.list_field("If-None-Match"), edition.tag)) {
    case Precondition::failed: return precondition_failed_answer();
    case Precondition::not_modified: {
      Answer answer;
      answer.status = 304;
      add_fields(answer, request, edition);
      return answer;
    }
    case Precondition::holds: break;
  }
  return std::nullopt;
}

// Returns the edition of an answer made now; nullopt if a shard's version cannot be read at once, or says too little.
std::optional<SummaryResource::Edition> SummaryResource::current_edition(const SummaryRequest& request) {
  if (request.query.changes_without_version()) return std::nullopt;
  const auto& engine = service_.engine;
  const auto last_event = engine.state().fleet.last_number();
  const auto versions = service_.engine.try_versions();
  if (!versions) return std::nullopt;
  return Edition{tag_of(request, *versions), text_of({engine.run(), last_event, *versions})};
}

// A strong tag: for this target and coding it identifies the bytes. A scan during which something changed has the bytes
// of no version, and so may one that changes without a version: their tags are unique.
SummaryResource::Edition SummaryResource::edition_of(const PendingScan& scan) {
  FeedPosition position{service_.engine.run(), scan.last_event, {}};
  bool is_of_a_version = !scan.request.query.changes_without_version();
  for (const auto& part : scan.parts) {
    position.changes.push_back(part.began_at);
    is_of_a_version = is_of_a_version && part.version == part.began_at;
  }
  auto tag = is_of_a_version ? tag_of(scan.request, position.changes)
                             : "\"" + process_ + "-scan-" + std::to_string(++torn_scans_) + "\"";
  return {std::move(tag), text_of(position)};
}

std::string SummaryResource::tag_of(const SummaryRequest& request, const std::vector<std::uint64_t>& versions) const {
  auto tag = "\"" + process_;
  for (const auto version : versions) tag += "-" + std::to_string(version);
  return tag + (request.gzip ? "-gzip\"" : "\"");
}

}  // namespace ubiety::http
