// A service that judges the silence of a fleet, in simulated time and without threads: the listening clock, the watches
// of some shards and the silence of groups, connected as the actors connect them. The service can be stopped, made to
// answer 503 and restarted. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "fleet/group_silence.hpp"
#include "fleet/listening_clock.hpp"
#include "fleet/silence_watch.hpp"
#include "support/generators.hpp"

namespace ubiety::test {

class SimulatedFleet {
 public:
  static constexpr std::uint32_t shards = 3;

  // What happened, at which time of the simulation.
  struct Event {
    std::chrono::milliseconds at;
    std::uint32_t device;
    ListeningTime heard{};  // of a silence: when the device was heard before
  };

  explicit SimulatedFleet(std::chrono::seconds stale_after) : stale_after_(stale_after) {
    for (std::uint32_t shard = 0; shard < shards; ++shard)
      watches_.emplace_back(shard, stale_after, clock_.moment().now);
  }

  // Adds a device of this group, to be heard later. Returns its number, from 0 on.
  std::uint32_t add(GroupNumber group) {
    known_.push_back({group, false});
    return static_cast<std::uint32_t>(known_.size() - 1);
  }

  // A second passes. The machine's clock passes it, too, and jumps by `wall_jump`.
  void tick(std::chrono::microseconds wall_jump = {}) {
    now_ += std::chrono::seconds(1);
    wall_ = wall_ + std::chrono::seconds(1) + wall_jump;
    if (!is_running_) return;
    const auto moment = clock_.advance(steady(), wall_);
    for (std::uint32_t shard = 0; shard < shards; ++shard) take(watches_[shard].advance(moment.now), shard);
    if (!clock_.is_paused()) decide(moment.now);
  }

  // A report arrives. Returns whether it is accepted. A stopped process accepts none.
  bool hear(std::uint32_t device, std::chrono::milliseconds at) {
    if (!is_running_ || clock_.is_paused()) return false;
    const auto moment = clock_.advance(SteadyTime(at), wall_);
    auto& watch = watches_[device % shards];
    if (std::exchange(known_[device].was_heard, true))
      watch.heard(device / shards, moment);
    else
      watch.add(device / shards, known_[device].group, moment.now);
    return true;
  }

  void pause() { clock_.pause(steady(), wall_); }
  void resume() { clock_.resume(steady(), wall_); }
  // SIGSTOP and SIGCONT.
  void stop_process() { is_running_ = false; }
  void continue_process() { is_running_ = true; }
  // Ends the process. start() begins one that has what was saved.
  void end_process() {
    is_running_ = false;
    for (std::uint32_t device = 0; device < known_.size(); ++device)
      if (known_[device].was_heard) saved_.emplace_back(device, watches_[device % shards].saved(device / shards));
    outages_ = groups_.all_outages();
  }
  void start_process() {
    is_running_ = true;
    clock_ = ListeningClock(steady(), wall_, clock_.saved());
    const auto now = clock_.moment().now;
    groups_ = GroupSilence(outages_);
    watches_.clear();
    for (std::uint32_t shard = 0; shard < shards; ++shard) watches_.emplace_back(shard, stale_after_, now);
    for (const auto& outage : outages_) apply(outage);
    for (const auto& [device, silence] : std::exchange(saved_, {}))
      watches_[device % shards].restore(device / shards, known_[device].group, silence, now);
  }

  std::chrono::milliseconds now() const { return now_; }
  DeviceSilence silence_of(std::uint32_t device) const { return watches_[device % shards].silence_of(device / shards); }
  const ListeningClock& clock() const { return clock_; }
  const GroupSilence& groups() const { return groups_; }

  // Since the start of the simulation.
  std::vector<Event> fell_silent, came_back, problems;
  std::vector<std::pair<std::chrono::milliseconds, Outage>> began, ended;

 private:
  SteadyTime steady() const { return SteadyTime(now_); }

  void take(const SilenceChanges& changes, std::uint32_t shard) {
    for (const auto& one : changes.fell_silent) fell_silent.push_back({now_, one.device * shards + shard, one.heard});
    for (const auto& one : changes.came_back) came_back.push_back({now_, one.device * shards + shard, one.heard});
    for (const auto& suspect : changes.suspects) groups_.note(suspect);
  }

  void decide(ListeningTime now) {
    const auto questions = groups_.questions(now);
    std::vector<GroupCensus> answers(questions.size());
    for (const auto& watch : watches_) {
      const auto part = watch.census(questions, now);
      for (std::size_t i = 0; i < part.size(); ++i) answers[i] += part[i];
    }
    const auto decisions = groups_.decide(answers, now);
    for (const auto& [shard, device] : decisions.problems)
      if (watches_[shard].raise_problem(device))
        problems.push_back({now_, device * shards + shard, watches_[shard].silence_of(device).heard});
    for (const auto& outage : decisions.ended) note(outage);
    for (const auto& outage : decisions.began) note(outage);
  }

  void note(const Outage& outage) {
    (outage.ended ? ended : began).emplace_back(now_, outage);
    apply(outage);
  }

  void apply(const Outage& outage) {
    for (auto& watch : watches_)
      if (outage.ended)
        watch.end_outage(outage.group, *outage.ended);
      else
        watch.begin_outage(outage.group);
  }

  const std::chrono::seconds stale_after_;
  std::chrono::milliseconds now_{0};
  Timestamp wall_ = noon;
  bool is_running_ = true;
  ListeningClock clock_{SteadyTime{}, wall_, std::nullopt};
  std::vector<SilenceWatch> watches_;
  GroupSilence groups_;
  struct Known {
    GroupNumber group = whole_fleet;
    bool was_heard = false;
  };
  std::vector<Known> known_;  // by device
  std::vector<std::pair<std::uint32_t, SavedSilence>> saved_;
  std::vector<Outage> outages_;
};

}  // namespace ubiety::test
