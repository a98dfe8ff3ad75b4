#include "http/service.hpp"

#include <string>
#include <string_view>

#include "http/message/header_fields.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
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

bool Service::has_problem(Problem problem) const {
  const auto& state = engine.state();
  if (problem == Problem::clock_behind) return state.receipts.newest() > clock.now() + ReceiveClock::max_ahead;
  return state.problems.has(problem);
}

void Service::step_back_to(Timestamp now) {
  engine.state().receipts.note_step_back();
  log::warning("times of receipt step back: they were ahead of the clock",
               {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(receive_clock.last() - now).count()}});
  receive_clock.step_back_to(now);
}

}  // namespace ubiety::http
