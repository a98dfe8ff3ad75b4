#include "http/resources/update/update_refusals.hpp"

#include <string>

namespace ubiety::http {

std::optional<Answer> not_taking_updates_answer(const Service& service) {
  const auto& state = service.engine.state();
  if (!state.accepting()) return not_loaded_answer(state);
  if (!state.takes_updates()) return unavailable_answer("the database does not answer; nothing was stored");
  return std::nullopt;
}

Answer overload_answer(Limit limit) {
  const auto setting = [limit] {
    switch (limit) {
      case Limit::updates: return "MAX_IN_FLIGHT";
      case Limit::bytes: return "MAX_IN_FLIGHT_BYTES";
      case Limit::shard_updates: return "MAX_SHARD_IN_FLIGHT";
      case Limit::shard_bytes: return "MAX_SHARD_IN_FLIGHT_BYTES";
    }
    return "";
  };
  return unavailable_answer(std::string("too many updates are under way (") + setting() + "); nothing was stored");
}

}  // namespace ubiety::http
