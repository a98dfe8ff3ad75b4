#include "fleet/silence_watch.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {
namespace {

using std::chrono::milliseconds;

constexpr ListeningTime from_quarters(std::uint32_t quarters) { return ListeningTime(QuarterSeconds(quarters)); }

std::uint32_t to_quarters(ListeningTime time) {
  return static_cast<std::uint32_t>(std::chrono::floor<QuarterSeconds>(time.time_since_epoch()).count());
}

}  // namespace

SilenceWatch::SilenceWatch(std::uint32_t shard, std::chrono::seconds stale_after, ListeningTime now,
                           std::chrono::seconds learning_patience)
    : shard_(shard), stale_after_(stale_after), learning_patience_(learning_patience), wheel_(now) {}

void SilenceWatch::add(std::uint32_t device, GroupNumber group, ListeningTime now) {
  wheel_.put(device, next_visit(place(device, group, now), now));
}

void SilenceWatch::restore(std::uint32_t device, GroupNumber group, const SavedSilence& saved, ListeningTime now) {
  auto& restored = place(device, group, std::clamp(saved.heard, ListeningTime{}, now));
  restored.rhythm = Rhythm::from_bytes(saved.rhythm);
  restored.is_silent = saved.is_silent;
  restored.is_problem = saved.is_silent && saved.is_problem;
  if (!restored.is_problem) wheel_.put(device, next_visit(restored, now));
}

SilenceWatch::Device& SilenceWatch::place(std::uint32_t number, GroupNumber group, ListeningTime heard) {
  devices_.grow(std::size_t{number} + 1);
  wheel_.remove(number);  // where a removed device was left
  auto& device = devices_[number];
  device = {};
  device.heard = to_quarters(heard);
  device.group = group & last_group;
  device.is_here = 1;
  return device;
}

void SilenceWatch::remove(std::uint32_t device) { devices_[device] = {}; }

void SilenceWatch::heard(std::uint32_t number, const ListeningMoment& moment) {
  auto& device = devices_[number];
  const auto before = from_quarters(device.heard);
  const auto now = std::max(moment.now, before);
  if (teaches(device, moment)) device.rhythm.learn(now - before, now);
  device.heard = to_quarters(now);
  if (!device.is_silent) return;
  changes_.came_back.push_back({number, before, device.is_problem == 1});
  device.is_silent = device.is_suspect = device.is_problem = 0;
  if (!wheel_.contains(number)) wheel_.put(number, next_visit(device, now));
}

// A gap teaches if the service listened throughout, and if it was no part of an outage.
bool SilenceWatch::teaches(const Device& device, const ListeningMoment& moment) const {
  const auto before = from_quarters(device.heard);
  if (moment.interrupted > ListeningTime{} && before <= moment.interrupted) return false;
  if (state_of(whole_fleet).is_out || state_of(device.group).is_out) return false;
  const auto outage = last_outage_of(device);
  return outage == ListeningTime{} || before > outage;
}

// How long a device may be quiet until it is silent.
milliseconds SilenceWatch::patience(const Device& device) const {
  if (!device.rhythm.is_known()) return stale_after_;
  return std::max<milliseconds>(stale_after_, 2 * device.rhythm.usual());
}

milliseconds SilenceWatch::patience_before_problem(const Device& device) const {
  if (device.rhythm.knows_two_days(from_quarters(device.heard))) return patience(device);
  return std::max<milliseconds>(patience(device), learning_patience_);
}

// The end of the last outage that the device was in; the clock's first value if there was none.
ListeningTime SilenceWatch::last_outage_of(const Device& device) const {
  return std::max(state_of(whole_fleet).ended, state_of(device.group).ended);
}

// From when on the device is quiet of itself: since it was last heard, or since the end of an outage.
ListeningTime SilenceWatch::counted_from(const Device& device) const {
  return std::max(from_quarters(device.heard), last_outage_of(device));
}

// When to look at the device again. It must not be later than the device can be due, whatever is heard until then. Its
// patience grows while it is heard, but it falls when its rhythm begins a window or forgets all.
ListeningTime SilenceWatch::next_visit(const Device& device, ListeningTime now) const {
  if (device.is_silent) return std::min(counted_from(device) + patience_before_problem(device), now + stale_after_);
  const auto due = counted_from(device) + patience(device);
  if (!device.rhythm.is_known()) return due;
  const auto window_end = std::max(now, device.rhythm.window_end());
  const auto after_window = std::max<milliseconds>(stale_after_, 2 * device.rhythm.usual_after_window());
  const auto forgets = std::max(now, device.rhythm.forgets_at());
  return std::min({due, window_end + after_window, forgets + stale_after_});
}

SilenceChanges SilenceWatch::advance(ListeningTime now) {
  wheel_.advance(now, [&](std::uint32_t device) { return visit(device, now); });
  return std::exchange(changes_, {});
}

std::optional<ListeningTime> SilenceWatch::visit(std::uint32_t number, ListeningTime now) {
  auto& device = devices_[number];
  if (!device.is_here) return std::nullopt;
  const auto from = counted_from(device);
  if (!device.is_silent && now >= from + patience(device)) {
    device.is_silent = 1;
    changes_.fell_silent.push_back({number, from_quarters(device.heard), from + patience(device)});
  }
  const auto before_problem = patience_before_problem(device);
  if (!device.is_silent || now < from + before_problem) return next_visit(device, now);
  device.is_suspect = 1;
  changes_.suspects.push_back({{shard_, number}, device.group, from_quarters(device.heard), before_problem / 2});
  return std::nullopt;
}

std::vector<GroupCensus> SilenceWatch::census(std::span<const GroupQuestion> questions, ListeningTime now) const {
  std::vector<GroupCensus> answers(questions.size());
  if (questions.empty()) return answers;
  const auto before = [](const GroupQuestion& question, GroupNumber group) { return question.group < group; };
  const auto ask = [&](const Device& device, GroupNumber group) {
    auto question = std::lower_bound(questions.begin(), questions.end(), group, before);
    for (; question != questions.end() && question->group == group; ++question)
      count(device, *question, now, answers[static_cast<std::size_t>(question - questions.begin())]);
  };
  for (std::size_t number = 0; number < devices_.size(); ++number) {
    const auto& device = devices_[number];
    if (!device.is_here) continue;
    ask(device, whole_fleet);
    if (device.group != whole_fleet) ask(device, device.group);
  }
  return answers;
}

void SilenceWatch::count(const Device& device, const GroupQuestion& question, ListeningTime now,
                         GroupCensus& census) const {
  const bool is_heard = from_quarters(device.heard) > now - question.usual_gap;
  ++census.members;
  census.heard += is_heard;
  if (device.is_problem) return;
  const bool is_known = device.rhythm.knows_two_days(from_quarters(device.heard));
  const auto own_gap = is_known ? patience(device) / 2 : patience_before_problem(device);
  const bool is_peer = own_gap <= question.usual_gap;
  census.expected +=
      is_peer ? 1 : static_cast<double>(question.usual_gap.count()) / static_cast<double>(own_gap.count());
  census.peers += is_peer;
  census.peers_heard += is_peer && is_heard;
}

bool SilenceWatch::raise_problem(std::uint32_t number) {
  auto& device = devices_[number];
  if (!device.is_suspect) return false;
  device.is_suspect = 0;
  device.is_problem = 1;
  return true;
}

void SilenceWatch::begin_outage(GroupNumber group) { group_at(group).is_out = true; }

void SilenceWatch::end_outage(GroupNumber group, ListeningTime now) {
  group_at(group) = {false, now};
  for (std::uint32_t number = 0; number < devices_.size(); ++number) {
    auto& device = devices_[number];
    if (!device.is_suspect || (group != whole_fleet && device.group != group)) continue;
    device.is_suspect = 0;
    wheel_.put(number, next_visit(device, now));
  }
}

SilenceWatch::GroupState& SilenceWatch::group_at(GroupNumber group) {
  if (group >= groups_.size()) groups_.resize(std::size_t{group} + 1);
  return groups_[group];
}

bool SilenceWatch::is_in_outage(std::uint32_t number) const {
  const auto& device = devices_[number];
  return device.is_silent == 1 && (state_of(whole_fleet).is_out || state_of(device.group).is_out);
}

DeviceSilence SilenceWatch::silence_of(std::uint32_t number) const {
  const auto& device = devices_[number];
  return {.is_silent = device.is_silent == 1,
          .is_problem = device.is_problem == 1,
          .is_known = device.rhythm.knows_two_days(from_quarters(device.heard)),
          .heard = from_quarters(device.heard),
          .due = counted_from(device) + patience(device),
          .usual = device.rhythm.usual()};
}

SavedSilence SilenceWatch::saved(std::uint32_t number) const {
  const auto& device = devices_[number];
  return {from_quarters(device.heard), device.rhythm.to_bytes(), device.is_silent == 1, device.is_problem == 1};
}

}  // namespace ubiety
