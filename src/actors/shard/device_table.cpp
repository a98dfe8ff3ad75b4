#include "actors/shard/device_table.hpp"

#include <algorithm>
#include <utility>

#include "domain/status.hpp"

namespace ubiety {
namespace {

constexpr std::size_t deflating_to_rendering = 6;  // measured: 190 and 35 us for a chunk

}  // namespace

void SummaryChunks::note_change(std::size_t index) {
  const auto chunk = index / devices_per_chunk;
  if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
  chunks_[chunk] = {};
}

std::size_t SummaryChunks::work_for(std::size_t chunk, bool deflated) const {
  const auto& kept = chunks_[chunk];
  return (kept.plain.bytes ? 0 : devices_per_chunk) +
         (!deflated || kept.deflated.bytes ? 0 : deflating_to_rendering * devices_per_chunk);
}

const SummaryChunks::Chunk& SummaryChunks::ready_chunk(std::size_t chunk, bool deflated, bool is_first,
                                                       const DeviceAt& device_at) {
  auto& kept = chunks_[chunk];
  if (!kept.plain.bytes || kept.is_first != is_first) render(chunk, is_first, device_at);
  if (deflated && !kept.deflated.bytes) kept.deflated = deflate(kept.plain);
  return kept;
}

void SummaryChunks::render(std::size_t chunk, bool is_first, const DeviceAt& device_at) {
  std::string json;
  Chunk rendered;
  for (auto index = chunk * devices_per_chunk; index < (chunk + 1) * devices_per_chunk; ++index) {
    const auto device = device_at(index);
    if (!device) continue;
    encoder_.render(json, device->id, device->state);
    ++rendered.devices;
    rendered.online += device->state.status.online ? 1 : 0;
  }
  if (is_first) json.erase(0, 1);
  rendered.is_first = is_first;
  json.shrink_to_fit();
  rendered.plain = {std::make_shared<const std::string>(std::move(json))};
  chunks_[chunk] = std::move(rendered);
}

SummaryPiece SummaryChunks::deflate(const SummaryPiece& plain) const {
  auto [bytes, crc, length] = encoder_.deflate(*plain.bytes);
  bytes.shrink_to_fit();
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

bool DeviceOrder::catch_up(std::size_t most) {
  if (sorting_ || misses_many())
    sort_all();
  else
    insert(take_unsorted(most));
  return !sorting_ && in_gaps_.empty() && looked_at_ == devices_.size();
}

// Then to sort all is quicker than to place each.
bool DeviceOrder::misses_many() const { return devices_.size() - looked_at_ > std::max(many, sorted_.size() / 8); }

void DeviceOrder::sort_all() {
  if (!sorting_) sorting_.emplace(devices_);
  if (!sorting_->advance()) return;
  sorted_ = sorting_->take();
  looked_at_ = sorting_->size();
  in_gaps_.clear();
  sorting_.reset();
}

// Places new devices from the last to the first: bisection finds the place of each, and the run of older devices behind
// it moves up in one step.
void DeviceOrder::insert(std::vector<std::uint32_t> added) {
  const auto before = [this](std::uint32_t left, std::uint32_t right) {
    return devices_[left].device_id < devices_[right].device_id;
  };
  const auto known = sorted_.size();
  std::sort(added.rbegin(), added.rend(), before);  // the last first
  sorted_.resize(known + added.size());
  auto older_end = sorted_.begin() + static_cast<std::ptrdiff_t>(known);
  auto gap_end = sorted_.end();
  for (const auto device : added) {
    const auto place = std::upper_bound(sorted_.begin(), older_end, device, before);
    gap_end = std::move_backward(place, older_end, gap_end);
    *--gap_end = device;
    older_end = place;
  }
}

std::vector<std::uint32_t> DeviceOrder::take_unsorted(std::size_t most) {
  const auto begin = in_gaps_.end() - static_cast<std::ptrdiff_t>(std::min(most, in_gaps_.size()));
  std::vector<std::uint32_t> taken(begin, in_gaps_.end());
  in_gaps_.erase(begin, in_gaps_.end());
  for (; taken.size() < most && looked_at_ < devices_.size(); ++looked_at_)
    if (!devices_[looked_at_].device_id.empty()) taken.push_back(static_cast<std::uint32_t>(looked_at_));
  return taken;
}

void DeviceOrder::add(std::uint32_t device) {
  sorting_.reset();
  if (device < looked_at_) in_gaps_.push_back(device);
}

void DeviceOrder::remove(std::span<const std::uint32_t> devices) {
  sorting_.reset();
  std::vector<bool> are_removed(devices_.size());
  for (const auto device : devices) are_removed[device] = true;
  const auto is_removed = [&](std::uint32_t device) { return bool{are_removed[device]}; };
  std::erase_if(sorted_, is_removed);
  std::erase_if(in_gaps_, is_removed);
}

DeviceOrder::Position DeviceOrder::after(std::string_view device_id) const {
  return std::upper_bound(sorted_.begin(), sorted_.end(), device_id, [this](std::string_view id, std::uint32_t device) {
    return id < devices_[device].device_id;
  });
}

DeviceTable::Applied DeviceTable::apply(const StatusUpdate& update, const ListeningMoment& moment) {
  const auto found = index_.find(std::string_view(update.device_id));
  if (found == index_.end()) return add(update, moment.now);
  const auto device = *found;
  const auto& status = update.status;
  const auto known = beyond(device);
  const bool may_repeat = status.timestamp <= known.newest;
  auto& latest = devices_[device].latest;
  const auto before = latest.status();
  const bool is_repeated = same_report(status, before);
  const bool is_newer = !is_repeated && newer_than_(status, before);
  if (is_newer) {
    latest.set(status);
    watch_.note_latest(device, latest, before);
  }
  if (raise_beyond(device, known, {status.timestamp, status.received}) || is_newer) note_change(device);
  watch_.heard(device, latest, status, moment);
  if (is_repeated) return {device, UpdateOutcome::duplicate, may_repeat};
  return {device, is_newer ? UpdateOutcome::stored : UpdateOutcome::late, may_repeat};
}

DeviceTable::Applied DeviceTable::add(const StatusUpdate& update, ListeningTime now) {
  const auto device = append(update);
  watch_.add(device, devices_[device].latest, groups_.group_of(update.device_id), now);
  return {device, UpdateOutcome::stored, false};
}

std::uint32_t DeviceTable::append(const StatusUpdate& update) {
  auto device = static_cast<std::uint32_t>(devices_.size());
  if (free_.empty()) {
    devices_.emplace_back(update);
  } else {
    device = free_.back();
    free_.pop_back();
    devices_[device] = KnownDevice(update);
    order_.add(device);
  }
  index_.insert(device);
  muted_.note_added(device, update.device_id);
  note_change(device);
  return device;
}

// A device that reported already, while only the spool was known, has been heard since.
void DeviceTable::load(const log::LatestStatus& latest, ListeningTime now) {
  const auto& watch = latest.watch;
  auto silence = watch ? watch->silence : SavedSilence{.heard = listening_.time_of(latest.last_heard)};
  if (watch) silence.heard += listening_.shift();
  auto device = number_of(latest.update.device_id);
  if (device) {
    const auto heard = watch_.saved_silence(*device).heard;
    apply(latest.update, {heard, heard});
    watch_.restore_known(*device, devices_[*device].latest, silence, now);
  } else {
    device = append(latest.update);
    watch_.restore(*device, devices_[*device].latest, saved_group_of(latest), silence,
                   watch ? &watch->problems : nullptr, now);
  }
  if (raise_beyond(*device, beyond(*device), {latest.newest, latest.last_heard})) note_change(*device);
}

GroupNumber DeviceTable::saved_group_of(const log::LatestStatus& latest) {
  if (!groups_.are_by_key()) return groups_.group_of(latest.update.device_id);
  return latest.watch ? groups_.number_of(latest.watch->group) : whole_fleet;
}

void DeviceTable::note_heard(std::uint32_t device, const Status& repeated, const ListeningMoment& moment) {
  const auto known = beyond(device);
  if (raise_beyond(device, known, {known.newest, repeated.received})) note_change(device);
  watch_.heard(device, devices_[device].latest, repeated, moment);
}

// Their numbers are used again only when the changes of the last second, which have numbers, are taken.
void DeviceTable::remove(std::span<const std::uint32_t> devices) {
  order_.remove(devices);
  for (const auto device : devices) {
    watch_.remove(device, devices_[device].latest);
    index_.erase(device);
    muted_.note_removed(device, devices_[device].device_id);
    beyond_.erase(device);
    devices_[device] = KnownDevice(StatusUpdate{});
    note_change(device);
  }
  removed_.insert(removed_.end(), devices.begin(), devices.end());
}

void DeviceTable::begin_again(std::uint32_t device, std::span<const Status> statuses, ListeningTime now) {
  const auto group = watch_.group_of(device);
  auto& known = devices_[device];
  watch_.remove(device, known.latest);
  auto latest = statuses.front();
  Beyond sent{latest.timestamp, latest.received};
  for (const auto& status : statuses) {
    if (newer_than_(status, latest)) latest = status;
    sent = {std::max(sent.newest, status.timestamp), std::max(sent.last_heard, status.received)};
  }
  known.latest = WatchedStatus(latest);
  beyond_.erase(device);
  raise_beyond(device, beyond(device), sent);
  watch_.add(device, known.latest, group, now);
  note_change(device);
}

void DeviceTable::note_change(std::uint32_t device) {
  chunks_.note_change(device);
  changes_.note(device);
}

DeviceChanges DeviceTable::advance(ListeningTime now, Timestamp wall_now) {
  const auto status_of = [this](std::uint32_t device) -> WatchedStatus& { return devices_[device].latest; };
  auto changes = watch_.advance(now, wall_now, status_of);
  for (const auto& one : changes.fell_silent) note_change(one.device);
  free_.insert(free_.end(), removed_.begin(), removed_.end());
  removed_.clear();
  return changes;
}

void DeviceTable::raise_silent(std::uint32_t device) {
  watch_.raise_silent(device, devices_[device].latest, last_heard(device));
}

void DeviceTable::note_outage(const Outage& outage) {
  outage.ended ? watch_.end_outage(outage.group, *outage.ended) : watch_.begin_outage(outage.group);
}

void DeviceTable::set_group(std::uint32_t device, GroupNumber group) {
  if (watch_.group_of(device) != group) watch_.set_group(device, group);
}

bool DeviceTable::count_muted(std::size_t most) {
  return muted_.count(numbers(), most, [this](std::uint32_t device) {
    const bool is_one = has(device) && is_muted(device);
    if (has(device) && devices_[device].latest.is_noted()) watch_.problems().set_muted(device, is_one);
    return is_one;
  });
}

FleetTotals DeviceTable::totals() const {
  auto totals = watch_.totals();
  totals.muted = static_cast<std::uint64_t>(muted_.devices());
  return totals;
}

bool DeviceTable::matches(const DeviceFilter& filter, std::uint32_t device, ListeningTime now) const {
  const auto& known = devices_[device];
  if (filter.group && watch_.group_of(device) != *filter.group) return false;
  if (filter.problem && !has_problem(*filter.problem, device, filter.muted)) return false;
  if (filter.muted && is_muted(device) != *filter.muted) return false;
  return filter.matches({known.device_id, known.status(), is_silent(device), now - watch_.last_heard(device)});
}

// As problems are counted: those of muted devices only if the filter asks for them.
bool DeviceTable::has_problem(const ProblemFilter& wanted, std::uint32_t device, std::optional<bool> muted) const {
  if (wanted.which == ProblemFilter::Which::outage) return watch_.is_in_outage(device);
  const auto* troubled = watch_.problems().find(device, devices_[device].latest);
  if (troubled == nullptr || (!muted && is_muted(device))) return false;
  if (wanted.which == ProblemFilter::Which::any) return !troubled->problems.is_empty();
  return troubled->problems.has(wanted.kind);
}

DeviceState DeviceTable::state_of(std::uint32_t device) const {
  DeviceState state{devices_[device].status(), last_heard(device), {}};
  if (watch_.is_silent(device)) state.was_due = listening_.wall_time_of(watch_.silence_of(device).due);
  return state;
}

DeviceDetails DeviceTable::details_of(std::uint32_t device) const {
  DeviceDetails details{.state = state_of(device), .group = std::string(groups_.name_of(watch_.group_of(device)))};
  const auto silence = watch_.silence_of(device);
  if (silence.usual != QuarterSeconds{}) details.usual = silence.usual;
  if (!silence.is_silent) details.due = listening_.wall_time_of(silence.due);
  if (const auto* troubled = watch_.problems().find(device, devices_[device].latest))
    details.problems = troubled->list();
  details.is_in_outage = watch_.is_in_outage(device);
  details.muted_until = muted_.until(devices_[device].device_id);
  return details;
}

void DeviceTable::render(std::string& out, std::uint32_t device, const DeviceMembers& members,
                         const SummaryEncoder& encoder) const {
  const auto& device_id = devices_[device].device_id;
  if (members.empty()) return encoder.render(out, device_id, state_of(device));
  encoder.render_members(out, device_id, details_of(device), members);
}

log::LatestStatus DeviceTable::latest_of(std::uint32_t device) const {
  const auto [newest, last_heard] = beyond(device);
  const auto& known = devices_[device];
  SavedWatch saved{watch_.saved_silence(device), watch_.problems().saved(device, known.latest)};
  if (groups_.are_by_key()) saved.group = groups_.name_of(watch_.group_of(device));
  return {{known.device_id, known.status()}, newest, last_heard, std::move(saved)};
}

DeviceTable::Beyond DeviceTable::beyond(std::uint32_t device) const {
  const auto found = beyond_.empty() ? beyond_.end() : beyond_.find(device);
  if (found != beyond_.end()) return found->second;
  const auto status = devices_[device].status();
  return {status.timestamp, status.received};
}

bool DeviceTable::raise_beyond(std::uint32_t device, Beyond known, Beyond sent) {
  const Beyond raised{std::max(known.newest, sent.newest), std::max(known.last_heard, sent.last_heard)};
  const auto status = devices_[device].status();
  if (raised != Beyond{status.timestamp, status.received})
    beyond_.insert_or_assign(device, raised);
  else if (!beyond_.empty())
    beyond_.erase(device);
  return raised != known;
}

std::optional<Status> DeviceTable::find(std::string_view device_id) const {
  const auto found = index_.find(device_id);
  return found == index_.end() ? std::nullopt : std::optional(devices_[*found].status());
}

std::optional<std::uint32_t> DeviceTable::number_of(std::string_view device_id) const {
  const auto found = index_.find(device_id);
  return found == index_.end() ? std::nullopt : std::optional(*found);
}

const SummaryChunks::Chunk& DeviceTable::ready_chunk(std::size_t chunk, bool deflated, bool is_first) {
  const auto device_at = [this](std::size_t index) -> std::optional<SummaryChunks::Device> {
    if (index >= devices_.size() || !has(index)) return std::nullopt;
    return SummaryChunks::Device{devices_[index].device_id, state_of(static_cast<std::uint32_t>(index))};
  };
  return chunks_.ready_chunk(chunk, deflated, is_first, device_at);
}

}  // namespace ubiety
