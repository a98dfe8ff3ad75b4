#include "http/refusals.hpp"

#include <string>
#include <string_view>

namespace ubiety::http {
namespace {

std::string_view text_of(Obstacle obstacle, Activity operation) {
  switch (obstacle) {
    case Obstacle::starting: return "the service is starting: its latest statuses are not loaded yet";
    case Obstacle::standing_by: return "this node is a standby: another process has the store";
    case Obstacle::store_lost: return "the store is no longer the one that was loaded";
    case Obstacle::recovering: return "a part of the latest statuses is being recovered";
    case Obstacle::forwarding: return "updates of the time without the database are still being forwarded";
    case Obstacle::store_away: break;
  }
  return operation == Activity::update ? "the database does not answer; nothing was stored"
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

std::optional<Answer> refusal_of(Activity operation, const Readiness& readiness) {
  const auto obstacle = readiness.why_not(operation);
  if (!obstacle) return std::nullopt;
  return unavailable_answer(text_of(*obstacle, operation));
}

Answer overload_answer(AdmissionLimit limit) {
  std::string detail = "too many updates are under way (";
  return unavailable_answer(detail.append(setting_of(limit)).append("); nothing was stored"));
}

}  // namespace ubiety::http
