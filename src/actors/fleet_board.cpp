#include "actors/fleet_board.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {

void FleetBoard::publish(double reports_per_second, std::vector<OutageView> outages) {
  const MutexLock lock(mutex_);
  reports_per_second_ = reports_per_second;
  outages_ = std::move(outages);
}

void FleetBoard::note(Timestamp time, FleetEvent::What what) {
  const MutexLock lock(mutex_);
  events_.push_back({time, std::move(what)});
  if (events_.size() > kept_events) events_.pop_front();
  add(events_.back());
}

void FleetBoard::note(DeviceGone gone) {
  const MutexLock lock(mutex_);
  add(std::move(gone));
}

void FleetBoard::add(FleetChange::What what) {
  changes_.push_back({++last_number_, std::move(what)});
  if (changes_.size() > kept_changes) changes_.pop_front();
}

double FleetBoard::reports_per_second() const {
  const MutexLock lock(mutex_);
  return reports_per_second_;
}

std::vector<OutageView> FleetBoard::outages() const {
  const MutexLock lock(mutex_);
  return outages_;
}

// Most outages are over: only what is asked for is copied.
RunningOutages FleetBoard::running_outages(std::size_t most) const {
  const MutexLock lock(mutex_);
  std::vector<const OutageView*> running;
  for (const auto& each : outages_)
    if (!each.saved.ended_at) running.push_back(&each);
  std::stable_sort(running.begin(), running.end(),
                   [](const auto* left, const auto* right) { return left->saved.found_at < right->saved.found_at; });
  RunningOutages found{{}, running.size() - std::min(most, running.size())};
  for (std::size_t i = 0; i < std::min(most, running.size()); ++i) found.first.push_back(*running[i]);
  return found;
}

std::vector<FleetEvent> FleetBoard::last_events(std::size_t most) const {
  const MutexLock lock(mutex_);
  const auto count = std::min(most, events_.size());
  return {events_.end() - static_cast<std::ptrdiff_t>(count), events_.end()};
}

std::vector<FleetChange> FleetBoard::changes_after(std::uint64_t number) const {
  const MutexLock lock(mutex_);
  const auto newer = number >= last_number_ ? 0 : static_cast<std::size_t>(last_number_ - number);
  const auto count = std::min(newer, changes_.size());
  return {changes_.end() - static_cast<std::ptrdiff_t>(count), changes_.end()};
}

std::uint64_t FleetBoard::last_number() const {
  const MutexLock lock(mutex_);
  return last_number_;
}

void FleetBoard::note(const Downtime& downtime) {
  const MutexLock lock(mutex_);
  downtimes_.push_back(downtime);
  if (downtimes_.size() > kept_downtimes) downtimes_.pop_front();
}

std::vector<Downtime> FleetBoard::downtimes() const {
  const MutexLock lock(mutex_);
  return {downtimes_.begin(), downtimes_.end()};
}

void FleetBoard::restore(FleetPast past) {
  const MutexLock lock(mutex_);
  saved_ = std::move(past.outages);
  downtimes_.assign(past.downtimes.begin(), past.downtimes.end());
}

std::vector<SavedOutage> FleetBoard::take_saved_outages() {
  const MutexLock lock(mutex_);
  return std::exchange(saved_, {});
}

FleetPast FleetBoard::to_save() const {
  const MutexLock lock(mutex_);
  FleetPast past;
  for (const auto& each : outages_) past.outages.push_back(each.saved);
  past.downtimes.assign(downtimes_.begin(), downtimes_.end());
  return past;
}

}  // namespace ubiety
