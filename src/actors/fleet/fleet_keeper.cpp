#include "actors/fleet/fleet_keeper.hpp"

#include <caf/blocking_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <utility>

#include "actors/store/own_thread.hpp"
#include "fleet/group_silence.hpp"

namespace ubiety {
namespace {

using Steady = std::chrono::steady_clock;

class FleetKeeper {
 public:
  FleetKeeper(caf::blocking_actor* self, ServiceState& state, const Clock& clock, std::vector<ShardActor> shards)
      : self_(self), inbox_(self), state_(state), clock_(clock), shards_(std::move(shards)) {}

  void run() {
    Periodic second(ListeningClock::tick);
    while (!inbox_.exits_within(second.next() - Steady::now()))
      if (second.is_due()) tick();
  }

 private:
  // The clock begins with the first update that can be accepted. What the store has saved is known by then. Nothing is
  // decided while a shard is being recovered, because its devices would be missing in a census.
  void tick() {
    const auto& readiness = state_.readiness;
    if (!readiness.is_accepting()) return;
    const auto moment = state_.listening.tick(Steady::now(), clock_.now(), readiness.can(Activity::update));
    if (!readiness.is_loaded()) return;
    find_silent(moment.now);
    if (readiness.can(Activity::update) && readiness.can(Activity::read)) decide(moment.now);
  }

  void find_silent(ListeningTime now) {
    for (const auto& shard : shards_) {
      const auto take = [this](const SilenceChanges& changes) {
        for (const auto& suspect : changes.suspects) groups_.note(suspect);
      };
      self_->request(shard, caf::infinite, FindSilent{now}).receive(take, [](const caf::error&) {});
    }
  }

  void decide(ListeningTime now) {
    const auto questions = std::make_shared<const std::vector<GroupQuestion>>(groups_.questions(now));
    std::vector<GroupCensus> answers(questions->size());
    if (!questions->empty())
      for (const auto& shard : shards_) add_census(shard, {questions, now}, answers);
    const auto decisions = std::make_shared<const GroupDecisions>(groups_.decide(answers, now));
    if (decisions->problems.empty() && decisions->began.empty() && decisions->ended.empty()) return;
    for (const auto& shard : shards_) self_->send(shard, SilenceDecided{decisions});
  }

  void add_census(const ShardActor& shard, const TakeCensus& question, std::vector<GroupCensus>& answers) {
    const auto add = [&](const Census& census) {
      for (std::size_t i = 0; i < answers.size(); ++i) answers[i] += census.answers[i];
    };
    self_->request(shard, caf::infinite, question).receive(add, [](const caf::error&) {});
  }

  caf::blocking_actor* const self_;
  Inbox inbox_;
  ServiceState& state_;
  const Clock& clock_;
  const std::vector<ShardActor> shards_;
  GroupSilence groups_;
};

void keep_fleet(caf::blocking_actor* self, ServiceState* state, const Clock* clock,
                const std::vector<ShardActor>& shards) {
  FleetKeeper keeper(self, *state, *clock, shards);
  run_supervised("fleet keeper", *state, [&] { keeper.run(); });
}

}  // namespace

caf::actor spawn_fleet_keeper(caf::actor_system& system, ServiceState& state, const Clock& clock,
                              std::vector<ShardActor> shards) {
  return system.spawn<caf::detached>(keep_fleet, &state, &clock, std::move(shards));
}

}  // namespace ubiety
