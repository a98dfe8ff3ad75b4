#include "fleet/problem_watch.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {
namespace {

using Rules = ProblemRules;

constexpr std::chrono::hours steady_after{2};     // without a departure, a device no longer flaps
constexpr std::size_t visited_at_a_time = 4'096;  // some tens of microseconds

}  // namespace

std::vector<Problem> Troubled::list() const {
  std::vector<Problem> list;
  for (std::size_t i = 0; i < problem_kinds; ++i)
    if (const auto kind = static_cast<ProblemKind>(i); problems.has(kind)) list.push_back(of(kind));
  return list;
}

void ProblemWatch::note_first(std::uint32_t device, WatchedStatus& status) {
  const auto latest = status.status();
  note_values(device, status, latest);
  note_trend(device, status, latest);
}

void ProblemWatch::note_latest(std::uint32_t device, WatchedStatus& status, const Status& before) {
  const auto latest = status.status();
  if (status.is_noted() || latest.battery_level < Rules::low_battery || latest.rssi < Rules::weak_signal)
    note_values(device, status, latest);
  if (status.is_noted() || latest.battery_level != before.battery_level) note_trend(device, status, latest);
  if (before.online && !latest.online) note_departure(device, status, latest.received);
}

void ProblemWatch::note_values(std::uint32_t device, WatchedStatus& status, const Status& latest) {
  if (latest.battery_level < Rules::low_battery)
    begin(device, status, {ProblemKind::battery_low, latest.received});
  else if (latest.battery_level >= Rules::sufficient_battery)
    end(device, status, ProblemKind::battery_low, latest.received);
  if (latest.rssi < Rules::weak_signal)
    begin(device, status, {ProblemKind::weak_signal, latest.received});
  else if (latest.rssi >= Rules::sufficient_signal)
    end(device, status, ProblemKind::weak_signal, latest.received);
}

void ProblemWatch::note_trend(std::uint32_t device, WatchedStatus& status, const Status& latest) {
  const auto days = status.battery_trend().note(latest.battery_level, latest.received);
  if (!days) return;
  if (*days < Rules::falling_days)
    begin(device, status, {ProblemKind::battery_falling, latest.received, static_cast<float>(*days)});
  else if (*days >= BatteryTrend::longest_days)
    end(device, status, ProblemKind::battery_falling, latest.received);
}

void ProblemWatch::note_clock(std::uint32_t device, WatchedStatus& status, std::chrono::microseconds slow,
                              bool is_right, Timestamp received) {
  if (is_right) {
    suspicions_.erase(device);
    end(device, status, ProblemKind::clock, received);
    return update_noted(device, status);
  }
  auto& suspicion = suspicions_[device];
  const auto change = slow - suspicion.slow;
  if (suspicion.since == Timestamp{} || std::max(change, -change) > max_clock_skew_) suspicion = {slow, received};
  status.set_noted(true);
  if (received - suspicion.since < clock_is_wrong_after) return;
  const std::chrono::duration<float> fast = -suspicion.slow;
  begin(device, status, {ProblemKind::clock, suspicion.since, fast.count()});
}

void ProblemWatch::note_departure(std::uint32_t device, WatchedStatus& status, Timestamp now) {
  auto departures = status.departures();
  const auto count = departures.note(now);
  status.set_departures(departures);
  if (count >= Rules::flapping_departures)
    begin(device, status, {ProblemKind::flapping, now, static_cast<float>(count)});
  if (auto* troubled = status.is_noted() ? find(device) : nullptr) troubled->last_departure = now;
}

void ProblemWatch::begin_silent(std::uint32_t device, WatchedStatus& status, Timestamp since) {
  begin(device, status, {ProblemKind::silent, since});
}

void ProblemWatch::end_silent(std::uint32_t device, WatchedStatus& status, Timestamp now) {
  end(device, status, ProblemKind::silent, now);
}

void ProblemWatch::begin(std::uint32_t device, WatchedStatus& status, const Problem& problem) {
  const auto [place, is_new] = places_.try_emplace(device, static_cast<std::uint32_t>(troubled_.size()));
  if (is_new) troubled_.push_back({.device = device, .is_muted = is_muted_(device)});
  status.set_noted(true);
  auto& troubled = troubled_[place->second];
  const auto kind = static_cast<std::size_t>(problem.kind);
  troubled.amount[kind] = problem.amount;
  if (troubled.problems.has(problem.kind)) return;
  take_out(troubled);
  troubled.problems.add(problem.kind);
  troubled.since[kind] = problem.since;
  put_in(troubled);
  if (!troubled.is_muted) note_change({device, problem, {}});
}

void ProblemWatch::end(std::uint32_t device, WatchedStatus& status, ProblemKind kind, Timestamp now) {
  auto* troubled = status.is_noted() ? find(device) : nullptr;
  if (troubled == nullptr || !troubled->problems.has(kind)) return;
  if (!troubled->is_muted) note_change({device, troubled->of(kind), now});
  take_out(*troubled);
  troubled->problems.remove(kind);
  put_in(*troubled);
  if (troubled->problems.is_empty()) erase(device);
  update_noted(device, status);
}

std::vector<ProblemChange> ProblemWatch::advance(Timestamp now, const StatusOf& status_of) {
  for (auto left = std::min(visited_at_a_time, troubled_.size()); left > 0; --left) {
    if (visited_ == 0 || visited_ > troubled_.size()) visited_ = troubled_.size();
    const auto& troubled = troubled_[--visited_];
    if (troubled.problems.has(ProblemKind::flapping) && now - troubled.last_departure >= steady_after)
      end(troubled.device, status_of(troubled.device), ProblemKind::flapping, now);
  }
  return std::exchange(changes_, {});
}

void ProblemWatch::remove(std::uint32_t device, WatchedStatus& status) {
  if (!status.is_noted()) return;
  set_muted(device, true);
  erase(device);
  suspicions_.erase(device);
  status.set_noted(false);
}

const Troubled* ProblemWatch::find(std::uint32_t device, const WatchedStatus& status) const {
  if (!status.is_noted()) return nullptr;
  const auto place = places_.find(device);
  return place == places_.end() ? nullptr : &troubled_[place->second];
}

Troubled* ProblemWatch::find(std::uint32_t device) {
  const auto place = places_.find(device);
  return place == places_.end() ? nullptr : &troubled_[place->second];
}

// The last one moves to the place of the erased one.
void ProblemWatch::erase(std::uint32_t device) {
  const auto found = places_.find(device);
  if (found == places_.end()) return;
  const auto place = found->second;
  places_.erase(found);
  if (place + 1 != troubled_.size()) {
    troubled_[place] = troubled_.back();
    places_[troubled_[place].device] = place;
  }
  troubled_.pop_back();
}

void ProblemWatch::set_muted(std::uint32_t device, bool is_muted) {
  auto* troubled = find(device);
  if (troubled == nullptr || troubled->is_muted == is_muted) return;
  take_out(*troubled);
  troubled->is_muted = is_muted;
  put_in(*troubled);
}

void ProblemWatch::take_out(const Troubled& troubled) {
  if (troubled.is_muted || troubled.problems.is_empty()) return;
  order_.remove(troubled.problems, troubled.of(troubled.problems.worst()).since, troubled.device);
}

void ProblemWatch::put_in(const Troubled& troubled) {
  if (troubled.is_muted || troubled.problems.is_empty()) return;
  order_.add(troubled.problems, troubled.of(troubled.problems.worst()).since, troubled.device);
}

std::array<std::uint64_t, problem_kinds> ProblemWatch::counts() const {
  std::array<std::uint64_t, problem_kinds> counts{};
  for (std::size_t i = 0; i < problem_kinds; ++i) counts[i] = order_.count(static_cast<ProblemKind>(i)).devices;
  return counts;
}

void ProblemWatch::update_noted(std::uint32_t device, WatchedStatus& status) const {
  status.set_noted(places_.contains(device) || suspicions_.contains(device));
}

void ProblemWatch::note_change(const ProblemChange& change) {
  if (changes_.size() < most_changes) changes_.push_back(change);
}

SavedProblems ProblemWatch::saved(std::uint32_t device, const WatchedStatus& status) const {
  SavedProblems saved{status.battery_trend(), status.departures(), {}};
  if (const auto* troubled = find(device, status)) saved.problems = troubled->list();
  return saved;
}

void ProblemWatch::restore(std::uint32_t device, WatchedStatus& status, const SavedProblems& saved) {
  status.battery_trend() = saved.battery_trend;
  status.set_departures(saved.departures);
  for (const auto& problem : saved.problems) {
    begin(device, status, problem);
    if (problem.kind == ProblemKind::flapping) find(device)->last_departure = status.status().received;
  }
}

}  // namespace ubiety
