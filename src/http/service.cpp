#include "http/service.hpp"

#include "telemetry/log.hpp"

namespace ubiety::http {

bool Service::has_problem(Problem problem) const {
  const auto& state = engine.state();
  if (problem == Problem::clock_behind) return state.receipts.newest() > clock.now() + ReceiveClock::max_ahead;
  return state.problems.has(problem);
}

void Service::step_back_to(Timestamp now) {
  auto& receipts = engine.state().receipts;
  if (receipts.floor() > now) return;
  engine.end_turn();
  if (!receipts.step_back(now)) return;
  log::warning("times of receipt step back to the clock, which was ahead before or is behind now",
               {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(receive_clock.last() - now).count()}});
  receive_clock.step_back_to(now);
}

}  // namespace ubiety::http
