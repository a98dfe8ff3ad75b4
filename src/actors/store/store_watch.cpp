#include "actors/store/store_watch.hpp"

#include <memory>
#include <string_view>

#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using Steady = std::chrono::steady_clock;
using Kind = StoreFailure::Kind;

constexpr std::chrono::seconds time_to_remember_refusals{60};

}  // namespace

StoreResult<bool> StoreClaim::has_spool() {
  if (spool_ == nullptr) return true;
  return settle("spool", spool_->claim(clock_.now()));
}

StoreResult<bool> StoreClaim::has_store() { return settle("store", store_.ownership().claim()); }

StoreResult<Done> StoreClaim::take_over() {
  auto taken = store_.ownership().take_over(clock_.now());
  if (taken && state_.readiness.standing_by_for()) log::info("this process takes over", {{"store", store_.name()}});
  if (taken) state_.readiness.set_owner();
  return taken;
}

StoreResult<bool> StoreClaim::settle(std::string_view what, const StoreResult<Claim>& claim) {
  if (!claim) return Failure{claim.error()};
  if (claim->outcome == Claim::Outcome::owned) return true;
  if (claim->outcome == Claim::Outcome::lost)
    lose(claim->reason);
  else if (state_.readiness.is_accepting())
    lose("another process took the " + std::string(what) + " over: " + to_text(claim->other));
  else
    stand_by(what, claim->other);
  return false;
}

void StoreClaim::stand_by(std::string_view what, const Owner& owner) {
  const auto waited_for = state_.readiness.standing_by_for();
  if (waited_for && *waited_for == owner) return;
  state_.readiness.stand_by_for(std::make_shared<const Owner>(owner));
  log::info("standing by: another process has the store",
            {{"store", store_.name()}, {"what", what}, {"owner", to_text(owner)}});
}

void StoreClaim::lose(const std::string& reason) {
  if (!state_.readiness.lose_store(reason)) return;
  log::error("the store is no longer the one that was loaded", {{"store", store_.name()}, {"reason", reason}});
  start_over_(reason);
}

// Only a ping decides whether the store answers: other calls may fail for reasons of their own, such as a lock.
bool StoreWatch::ping() {
  auto& readiness = state_.readiness;
  const auto ask = [&] { return connection_.use([](Session& session) { return session.ping(); }); };
  const bool answered_before = readiness.store_answers();
  auto asked = ask();
  // The session may have failed since its last use: the second attempt opens another.
  if (!asked) {
    if (asked.error().kind != Kind::no_connection_left) state_.interruptions.fetch_add(1, std::memory_order_relaxed);
    asked = ask();
  }
  note_durability(asked);
  // A database without a free connection does answer. The writer finds out whether it takes commits.
  const bool has_no_connection = !asked && asked.error().kind == Kind::no_connection_left;
  const bool answers = asked.ok() || (has_no_connection && answered_before);
  if (readiness.set_store_answers(answers) && answers) log::info("store answers", {{"store", store_.name()}});
  if (answers) {
    no_answer_.reset();
  } else if (no_answer_.is_due(asked.error().message, Steady::now())) {
    log::error("store does not answer", {{"store", store_.name()}, {"reason", asked.error().message}});
  }
  return answers;
}

// A store that could lose what it commits counts as away: its commits are not acknowledged, and updates go to the spool
// if there is one.
void StoreWatch::note_durability(const StoreResult<Done>& pinged) {
  auto& readiness = state_.readiness;
  const bool is_durable = pinged.ok() || pinged.error().kind != Kind::rejected;
  if (!is_durable && readiness.spool() != nullptr) readiness.set_spooling(true);
  if (!state_.problems.set(ServiceProblem::database_not_durable, !is_durable)) return;
  if (is_durable) {
    log::info("the database is durable again", {{"store", store_.name()}});
    if (readiness.waiting_in_spool() == 0) readiness.set_spooling(false);
  } else {
    log::error("the database would lose what it commits, and gets no updates",
               {{"store", store_.name()}, {"reason", pinged.error().message}});
  }
}

void StoreWatch::note_few_connections() {
  const auto refused = store_.connections().last_refusal();
  const bool are_few = refused != Steady::time_point{} && Steady::now() - refused < time_to_remember_refusals;
  if (!state_.problems.set(ServiceProblem::few_connections, are_few)) return;
  if (are_few)
    log::warning("the database grants fewer connections than the service wants: they are shared",
                 {{"store", store_.name()}});
  else
    log::info("the database has not refused a connection for a minute", {{"store", store_.name()}});
}

}  // namespace ubiety
