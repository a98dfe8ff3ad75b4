#include "actors/fleet/fleet_keeper.hpp"

#include <caf/blocking_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "actors/fleet/report_rate.hpp"
#include "actors/store/own_thread.hpp"
#include "fleet/group_silence.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using Steady = std::chrono::steady_clock;

// A restart takes less, and so does the time since the clock was saved last.
constexpr std::chrono::seconds shortest_downtime{30};

// The last outage of each group, with its dates.
class Outages {
 public:
  explicit Outages(Groups& groups) : groups_(groups) {}

  // Continues what a start found. Returns the outages with the numbers that their groups have now.
  std::vector<Outage> restore(std::vector<SavedOutage> saved) {
    std::vector<Outage> outages;
    for (auto& each : saved) {
      each.outage.group = groups_.number_of(each.group);
      outages.push_back(each.outage);
      dated_.insert_or_assign(each.outage.group, std::move(each));
    }
    return outages;
  }

  // An outage began or ended. One of a group that an outage of the fleet replaces is kept, too.
  const SavedOutage& note(const Outage& outage, Timestamp now) {
    auto& dated = dated_[outage.group];
    if (!outage.ended) dated = {std::string(groups_.name_of(outage.group)), {}, now, std::nullopt};
    dated.outage = outage;
    if (outage.ended) dated.ended_at = now;
    return dated;
  }

  std::shared_ptr<const std::vector<GroupNumber>> groups() const {
    auto groups = std::make_shared<std::vector<GroupNumber>>();
    for (const auto& [group, dated] : dated_) groups->push_back(group);
    return groups;
  }

  // `totals` in the order of groups().
  std::vector<OutageView> views(const std::vector<GroupTotals>& totals) const {
    std::vector<OutageView> views;
    for (const auto& [group, dated] : dated_) views.push_back({dated, totals[views.size()]});
    return views;
  }

 private:
  Groups& groups_;
  std::map<GroupNumber, SavedOutage> dated_;
};

class FleetKeeper {
 public:
  FleetKeeper(caf::blocking_actor* self, ServiceState& state, const Clock& clock, std::vector<ShardActor> shards)
      : self_(self), inbox_(self), state_(state), clock_(clock), shards_(std::move(shards)), outages_(state.groups) {}

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
    if (!std::exchange(has_restored_, true)) restore();
    if (readiness.can(Activity::update)) note_listening();
    find_changes(moment.now);
    if (readiness.can(Activity::update) && readiness.can(Activity::read)) decide(moment.now);
  }

  // A gap since the last time was a downtime.
  void note_listening() {
    const auto now = clock_.now();
    const auto steady_now = Steady::now();
    const auto gap = listened_at_ ? steady_now - *listened_at_ : std::chrono::nanoseconds(now - listened_until_);
    if (gap >= shortest_downtime) state_.fleet.note(Downtime{listened_until_, now});
    listened_at_ = steady_now;
    listened_until_ = now;
  }

  void restore() {
    listened_until_ = state_.listening.continued_from();
    GroupDecisions found;
    for (const auto& outage : outages_.restore(state_.fleet.take_saved_outages()))
      (outage.ended ? found.ended : found.began).push_back(outage);
    auto all = found.began;
    all.insert(all.end(), found.ended.begin(), found.ended.end());
    groups_ = GroupSilence(all);
    tell_shards(std::move(found));
  }

  void find_changes(ListeningTime now) {
    const FindChanges question{now, clock_.now(), outages_.groups()};
    std::vector<GroupTotals> totals(question.groups->size());
    std::uint64_t reports = 0;
    for (const auto& shard : shards_)
      ask(shard, question, [&](const FleetChanges& changes) {
        for (const auto& suspect : changes.suspects) groups_.note(suspect);
        for (const auto& event : changes.events) publish(event, question.wall_now);
        for (std::size_t i = 0; i < totals.size(); ++i) totals[i] += changes.groups[i];
        reports += changes.reports;
      });
    state_.fleet.publish(rate_.note(Steady::now(), reports), outages_.views(totals));
  }

  void publish(const DeviceEvent& event, Timestamp now) {
    const auto& [device_id, group, problem, ended] = event;
    state_.fleet.note(now, ProblemEvent{device_id, std::string(state_.groups.name_of(group)), problem, ended});
  }

  void decide(ListeningTime now) {
    const auto questions = std::make_shared<const std::vector<GroupQuestion>>(groups_.questions(now));
    std::vector<GroupCensus> answers(questions->size());
    if (!questions->empty())
      for (const auto& shard : shards_)
        ask(shard, TakeCensus{questions, now}, [&](const Census& census) {
          for (std::size_t i = 0; i < answers.size(); ++i) answers[i] += census.answers[i];
        });
    auto decisions = groups_.decide(answers, now);
    if (decisions.problems.empty() && decisions.began.empty() && decisions.ended.empty()) return;
    for (const auto* outages : {&decisions.ended, &decisions.began})
      for (const auto& outage : *outages) announce(outage);
    tell_shards(std::move(decisions));
  }

  void announce(const Outage& outage) {
    const auto now = clock_.now();
    const auto& dated = outages_.note(outage, now);
    state_.fleet.note(now, OutageEvent{{dated, {}}});
    log::warning(outage.ended ? "an outage has ended" : "an outage has begun",
                 {{"group", dated.group}, {"began", format_timestamp(dated.began_at())}});
  }

  void tell_shards(GroupDecisions decisions) {
    const auto shared = std::make_shared<const GroupDecisions>(std::move(decisions));
    for (const auto& shard : shards_) self_->send(shard, SilenceDecided{shared});
  }

  template <class Question, class Take>
  void ask(const ShardActor& shard, const Question& question, Take take) {
    self_->request(shard, caf::infinite, question).receive(take, [](const caf::error&) {});
  }

  caf::blocking_actor* const self_;
  Inbox inbox_;
  ServiceState& state_;
  const Clock& clock_;
  const std::vector<ShardActor> shards_;
  Outages outages_;
  GroupSilence groups_;
  ReportRate rate_;
  bool has_restored_ = false;
  Timestamp listened_until_;
  std::optional<SteadyTime> listened_at_;  // the same; nullopt while it is of the process before
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
