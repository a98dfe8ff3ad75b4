#include "fleet/device_watch.hpp"

#include <algorithm>

namespace ubiety {

void DeviceWatch::add(std::uint32_t device, WatchedStatus& latest, GroupNumber group, ListeningTime now) {
  silence_.add(device, group, now);
  totals_.add(latest.status());
  ++totals_.reports;
  totals_.minutes.note(now, std::nullopt);
  count(group, 1, 0);
  problems_.note_first(device, latest);
}

void DeviceWatch::restore(std::uint32_t device, WatchedStatus& latest, GroupNumber group, const SavedSilence& silence,
                          const SavedProblems* problems, ListeningTime now) {
  silence_.restore(device, group, silence, now);
  totals_.add(latest.status());
  count(group, 1, silence_.is_silent(device) ? 1 : 0);
  if (problems != nullptr)
    problems_.restore(device, latest, *problems);
  else
    problems_.note_first(device, latest);
}

void DeviceWatch::restore_known(std::uint32_t device, WatchedStatus& latest, const SavedSilence& silence,
                                ListeningTime now) {
  const auto known = silence_.saved(device);
  const auto group = silence_.group_of(device);
  silence_.restore(device, group,
                   {std::max(known.heard, silence.heard), silence.rhythm, known.is_silent, known.is_problem}, now);
  problems_.note_first(device, latest);
}

void DeviceWatch::remove(std::uint32_t device, WatchedStatus& latest) {
  count(silence_.group_of(device), -1, silence_.is_silent(device) ? -1 : 0);
  totals_.remove(latest.status());
  problems_.remove(device, latest);
  silence_.remove(device);
}

void DeviceWatch::set_group(std::uint32_t device, GroupNumber group) {
  const auto silent = silence_.is_silent(device) ? 1 : 0;
  count(silence_.group_of(device), -1, -silent);
  count(group, 1, silent);
  silence_.set_group(device, group);
}

void DeviceWatch::note_latest(std::uint32_t device, WatchedStatus& latest, const Status& before) {
  totals_.change(before, latest.status());
  problems_.note_latest(device, latest, before);
}

bool DeviceWatch::heard(std::uint32_t device, WatchedStatus& latest, const Status& report,
                        const ListeningMoment& moment) {
  const bool was_silent = silence_.is_silent(device);
  ++totals_.reports;
  totals_.minutes.note(moment.now, silence_.last_heard(device));
  silence_.heard(device, moment);
  problems_.note_clock(device, latest, report.timestamp, report.received);
  if (!was_silent) return false;
  count(silence_.group_of(device), 0, -1);
  problems_.end_silent(device, latest, report.received);
  return true;
}

DeviceChanges DeviceWatch::advance(ListeningTime now, Timestamp wall_now, const ProblemWatch::StatusOf& status_of) {
  auto silence = silence_.advance(now);
  for (const auto& [device, heard, due] : silence.fell_silent) {
    count(silence_.group_of(device), 0, 1);
    problems_.note_departure(device, status_of(device), wall_now);
  }
  return {std::move(silence.fell_silent), std::move(silence.suspects), problems_.advance(wall_now, status_of)};
}

void DeviceWatch::raise_silent(std::uint32_t device, WatchedStatus& latest, Timestamp since) {
  if (silence_.raise_problem(device)) problems_.begin_silent(device, latest, since);
}

FleetTotals DeviceWatch::totals() const {
  auto totals = totals_;
  totals.problems = problems_.counts();
  totals.troubled = problems_.order().count().devices;
  return totals;
}

GroupTotals DeviceWatch::totals_of(GroupNumber group) const {
  if (group == whole_fleet)
    return {static_cast<std::uint32_t>(totals_.devices), static_cast<std::uint32_t>(totals_.silent)};
  return group < group_totals_.size() ? group_totals_[group] : GroupTotals{};
}

void DeviceWatch::count(GroupNumber group, int devices, int silent) {
  if (group >= group_totals_.size()) group_totals_.resize(std::size_t{group} + 1);
  auto& totals = group_totals_[group];
  totals.devices += static_cast<std::uint32_t>(devices);
  totals.silent += static_cast<std::uint32_t>(silent);
  totals_.silent += static_cast<std::uint64_t>(silent);
}

}  // namespace ubiety
