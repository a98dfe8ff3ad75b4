#include "actors/store/store_watch.hpp"

#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using Steady = std::chrono::steady_clock;
using Kind = StoreFailure::Kind;

constexpr std::chrono::seconds time_to_remember_refusals{60};

}  // namespace

// Only a ping decides whether the store answers: other calls may fail for reasons of their own, such as a lock.
bool StoreWatch::ping() {
  auto& readiness = state_.readiness;
  const auto ask = [&] { return connection_.use([](Session& session) { return session.ping(); }); };
  const bool answered_before = readiness.store_answers();
  auto asked = ask();
  // The session may have failed since its last use: the second attempt opens another.
  if (!asked) asked = ask();
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
  if (!state_.problems.set(Problem::database_not_durable, !is_durable)) return;
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
  if (!state_.problems.set(Problem::few_connections, are_few)) return;
  if (are_few)
    log::warning("the database grants fewer connections than the service wants: they are shared",
                 {{"store", store_.name()}});
  else
    log::info("the database has not refused a connection for a minute", {{"store", store_.name()}});
}

}  // namespace ubiety
