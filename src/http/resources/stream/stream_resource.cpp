#include "http/resources/stream/stream_resource.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "domain/random.hpp"

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto look_interval = 50ms;
constexpr std::size_t looks_a_second = 20;  // each stream is looked after once a second
constexpr auto longest_pause = 15s;         // proxies end an answer that pauses for some 30 s and more
constexpr int unsent_bytes = 128 * 1024;    // that the system holds for a client; what it holds is not conflated

constexpr std::string_view too_many_streams = "too many streams are open (MAX_STREAMS)";

// The client connects again after 2 to 5 seconds, at random: clients that lost the service together must not return
// together.
std::string retry_field() { return "retry: " + std::to_string(2000 + random_number() % 3000) + "\n\n"; }

Answer stream_answer(const Exchange& exchange) {
  Answer answer;
  answer.content_type = "text/event-stream";
  answer.fields.push_back({"X-Accel-Buffering", "no"});  // nginx: passes pieces on as they come
  if (!exchange.needs_key()) answer.fields.push_back({"Cache-Control", "no-store"});
  return answer;
}

Answer ended_answer() {
  auto answer = unavailable_answer("the stream has ended");
  answer.close = true;
  return answer;
}

}  // namespace

StreamResource::StreamResource(Service& service)
    : service_(service),
      key_check_(service.options.access.keys, service.engine.published_keys(), service.clock, service.key_metrics),
      heartbeat_interval_(
          std::min<std::chrono::milliseconds>(longest_pause, service.options.longest_answer_pause() / 2)),
      feed_(service, {[this](std::uint64_t number) { return is_ready(number); },
                      [this](std::uint64_t number, const StreamPiece& piece) { return send(number, piece); }}) {
  service.loop.every(look_interval, [this] { look_after_some(); });
}

void StreamResource::get(Exchange&& exchange) {
  const auto request =
      parse_stream_request(exchange.query(), exchange.field("Last-Event-ID"), service_.engine.state().groups);
  if (!request) return exchange.answer(Answer(request.error()));
  if (auto refusal = service_.refusal_of(Activity::read)) return exchange.answer(std::move(*refusal));
  if (exchange.method() == Method::head) return exchange.begin_answer(stream_answer(exchange), true);
  if (is_closing_) return exchange.answer(ended_answer());
  if (streams_.size() >= service_.options.max_streams) {
    ++service_.stream_metrics.refused;
    return exchange.answer(unavailable_answer(too_many_streams));
  }
  const auto number = ++last_number_;
  streams_.try_emplace(number, std::move(exchange), service_.engine.unread());
  feed_.open(number, *request);
  service_.stream_metrics.open = streams_.size();
}

void StreamResource::end_all() {
  is_closing_ = true;
  for (auto at = streams_.begin(); at != streams_.end();) at = end(at);
}

bool StreamResource::is_ready(std::uint64_t number) const {
  const auto found = streams_.find(number);
  return found != streams_.end() && found->second.is_ready();
}

// The answer begins with the first piece, when it is settled from where on the client gets changes: a summary that the
// client asks for once it has seen the answer begin has all changes before.
bool StreamResource::send(std::uint64_t number, const StreamPiece& piece) {
  auto& stream = streams_.at(number);
  auto with_head = piece;
  if (!stream.has_begun()) {
    begin(stream);
    with_head = std::make_shared<const std::string>(retry_field() + *piece);
  }
  const bool is_taken =
      stream.send(with_head, Steady::now(), [this, number](bool is_sent) { note_sent(number, is_sent); });
  if (is_taken) service_.stream_metrics.sent_bytes += with_head->size();
  return is_taken;
}

void StreamResource::begin(EventStream& stream) {
  const auto connection = stream.exchange().connection();
  service_.connections.limit_unsent(connection, unsent_bytes);
  stream.begin(stream_answer(stream.exchange()), !service_.connections.speaks_http_1_0(connection), Steady::now());
}

void StreamResource::note_sent(std::uint64_t number, bool is_sent) {
  const auto found = streams_.find(number);
  if (found == streams_.end()) return;
  found->second.note_sent(is_sent);
  if (is_sent) feed_.note_ready(number);
}

void StreamResource::look_after_some() {
  const auto now = Steady::now();
  auto at = streams_.upper_bound(last_looked_at_);
  for (auto left = (streams_.size() + looks_a_second - 1) / looks_a_second; left != 0; --left) {
    if (at == streams_.end()) at = streams_.begin();
    last_looked_at_ = at->first;
    at = look_after(at->first, at->second, now) ? std::next(at) : end(at);
    if (streams_.empty()) return;
  }
}

bool StreamResource::look_after(std::uint64_t number, EventStream& stream, SteadyTime now) {
  if (is_to_end(stream, now)) return false;
  const auto pause = now - stream.last_sent();
  if (!stream.has_begun() || !stream.is_ready() || pause < heartbeat_interval_) return true;
  // A client that gets a heartbeat is not ready for the piece of a step that is under way.
  if (feed_.is_busy() && pause < heartbeat_interval_ + 1s) return true;
  send(number, std::make_shared<const std::string>(feed_.heartbeat_of(number)));
  return true;
}

// RESTinio does not read while it sends an answer, so it does not notice a client that has gone.
bool StreamResource::is_to_end(const EventStream& stream, SteadyTime now) {
  const auto& exchange = stream.exchange();
  if (stream.is_broken() || service_.connections.is_gone(exchange.connection())) return true;
  if (!stream.has_begun() && now - exchange.began() > service_.options.request_timeout) return true;
  return key_check_.is_enabled() && !key_check_.still_accepts(exchange, Scope::read);
}

StreamResource::Streams::iterator StreamResource::end(Streams::iterator at) {
  feed_.close(at->first);
  at->second.end(ended_answer());
  const auto next = streams_.erase(at);
  service_.stream_metrics.open = streams_.size();
  return next;
}

}  // namespace ubiety::http
