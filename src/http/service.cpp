#include "http/service.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "http/message/header_fields.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {

// -- the requests that wait --

PendingExchanges::Opened PendingExchanges::open(Exchange&& exchange, DeviceId device_id) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const auto number = free_.back();
  free_.pop_back();
  auto& slot = slots_[number];
  slot.pending.emplace(PendingExchange{std::move(exchange), std::move(device_id)});
  ++size_;
  const Opened opened{(std::uint64_t{slot.generation} << 32) | number, std::chrono::steady_clock::now() + timeout_};
  deadlines_.push_back(opened);
  return opened;
}

PendingExchange* PendingExchanges::find(std::uint64_t ticket) {
  return waits(ticket) ? &*slots_[static_cast<std::uint32_t>(ticket)].pending : nullptr;
}

bool PendingExchanges::waits(std::uint64_t ticket) const {
  const auto& slot = slots_[static_cast<std::uint32_t>(ticket)];
  return slot.pending && slot.generation == ticket >> 32;
}

std::optional<PendingExchange> PendingExchanges::take(std::uint64_t ticket) {
  auto* pending = find(ticket);
  if (pending == nullptr) return std::nullopt;
  std::optional<PendingExchange> taken(std::move(*pending));
  const auto number = static_cast<std::uint32_t>(ticket);
  slots_[number].pending.reset();
  ++slots_[number].generation;
  free_.push_back(number);
  --size_;
  return taken;
}

std::chrono::nanoseconds PendingExchanges::longest_wait(SteadyTime now) const {
  const auto oldest =
      std::find_if(deadlines_.begin(), deadlines_.end(), [this](const Opened& one) { return waits(one.ticket); });
  return oldest == deadlines_.end() ? std::chrono::nanoseconds(0) : now - (oldest->deadline - timeout_);
}

void PendingExchanges::expire(SteadyTime now) {
  while (!deadlines_.empty() && (deadlines_.front().deadline <= now || !waits(deadlines_.front().ticket))) {
    if (auto late = take(deadlines_.front().ticket))
      late->exchange.answer(unavailable_answer("the request took too long; its outcome is unknown"));
    deadlines_.pop_front();
  }
}

// -- the service --

namespace {

std::string_view text_of(Obstacle obstacle, Activity activity) {
  switch (obstacle) {
    case Obstacle::starting: return "the service is starting: its latest statuses are not loaded yet";
    case Obstacle::standing_by: return "this node is a standby: another process has the store";
    case Obstacle::store_lost: return "the store is no longer the one that was loaded";
    case Obstacle::recovering: return "a part of the latest statuses is being recovered";
    case Obstacle::store_away: break;
  }
  return activity == Activity::update ? "the database does not answer; nothing was stored"
                                      : "the database does not answer";
}

std::string_view setting_of(AdmissionLimit limit) {
  switch (limit) {
    case AdmissionLimit::updates: return "MAX_IN_FLIGHT";
    case AdmissionLimit::bytes: return "MAX_IN_FLIGHT_BYTES";
    case AdmissionLimit::shard_updates: return "MAX_SHARD_IN_FLIGHT";
    case AdmissionLimit::shard_bytes: break;
  }
  return "MAX_SHARD_IN_FLIGHT_BYTES";
}

}  // namespace

std::optional<Answer> Service::refusal_of(Activity activity) const {
  const auto obstacle = engine.state().readiness.why_not(activity);
  if (!obstacle) return std::nullopt;
  return unavailable_answer(text_of(*obstacle, activity));
}

Answer overload_answer(AdmissionLimit limit) {
  std::string detail = "too many updates are in flight (";
  return unavailable_answer(detail.append(setting_of(limit)).append("); nothing was stored"));
}

Result<RequestBody, Answer> Service::json_body_of(const Exchange& exchange) const {
  if (!is_json(exchange.field("Content-Type"))) return Failure{not_json_answer()};
  return RequestBody::decode(exchange.body(), exchange.list_field("Content-Encoding"), options.max_body_bytes);
}

// A key keeps its name, and a key that takes its place has the same one.
GroupNumber Service::group_of(KeyId key_id) {
  auto& groups = engine.state().groups;
  if (key_id == 0 || !groups.are_by_key()) return whole_fleet;
  const auto [known, is_new] = group_of_key_.try_emplace(key_id, whole_fleet);
  if (const auto* ring = engine.published_keys().current(); is_new && ring != nullptr)
    known->second = groups.number_of(ring->name_of(key_id));
  return known->second;
}

bool Service::has_problem(ServiceProblem problem) const {
  const auto& state = engine.state();
  if (problem == ServiceProblem::clock_behind) return state.receipts.newest() > clock.now() + ReceiveClock::max_ahead;
  return state.problems.has(problem);
}

void Service::step_back_to(Timestamp now) {
  engine.state().receipts.note_step_back();
  log::warning("times of receipt step back: they were ahead of the clock",
               {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(receive_clock.last() - now).count()}});
  receive_clock.step_back_to(now);
}

}  // namespace ubiety::http
