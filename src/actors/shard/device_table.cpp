#include "actors/shard/device_table.hpp"

#include <algorithm>
#include <numeric>
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

const SummaryChunks::Chunk& SummaryChunks::ready_chunk(std::size_t chunk, bool deflated, const DeviceAt& device_at) {
  auto& kept = chunks_[chunk];
  if (!kept.plain.bytes) render(chunk, device_at);
  if (deflated && !kept.deflated.bytes) kept.deflated = deflate(kept.plain);
  return kept;
}

void SummaryChunks::render(std::size_t chunk, const DeviceAt& device_at) {
  std::string json;
  Chunk rendered;
  for (auto index = chunk * devices_per_chunk; index < (chunk + 1) * devices_per_chunk; ++index) {
    const auto device = device_at(index);
    if (!device) break;
    encoder_.render(json, device->id, device->state);
    ++rendered.devices;
    rendered.online += device->state.status.online ? 1 : 0;
  }
  if (chunk == 0) json.erase(0, 1);
  json.shrink_to_fit();
  rendered.plain = {std::make_shared<const std::string>(std::move(json))};
  chunks_[chunk] = std::move(rendered);
}

SummaryPiece SummaryChunks::deflate(const SummaryPiece& plain) const {
  auto [bytes, crc, length] = encoder_.deflate(*plain.bytes);
  bytes.shrink_to_fit();
  return {std::make_shared<const std::string>(std::move(bytes)), crc, length};
}

// Places new devices from the last to the first: bisection finds the place of each, and the run of older devices behind
// it moves up in one step.
bool DeviceOrder::catch_up(std::size_t most) {
  const auto before = [this](std::uint32_t left, std::uint32_t right) {
    return devices_[left].device_id < devices_[right].device_id;
  };
  const auto known = sorted_.size();
  std::vector<std::uint32_t> added(std::min(most, devices_.size() - known));
  std::iota(added.begin(), added.end(), static_cast<std::uint32_t>(known));
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
  return sorted_.size() == devices_.size();
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
  auto& latest = devices_[device].status;
  const bool is_repeated = same_report(status, latest);
  const bool is_newer = !is_repeated && newer_than_(status, latest);
  if (is_newer) {
    online_ += status.online ? 1 : 0;
    online_ -= latest.online ? 1 : 0;
    latest = status;
    note_change(device);
  }
  raise_beyond(device, known, {status.timestamp, status.received});
  watch_.heard(device, moment);
  if (is_repeated) return {device, UpdateOutcome::duplicate, may_repeat};
  return {device, is_newer ? UpdateOutcome::stored : UpdateOutcome::late, may_repeat};
}

DeviceTable::Applied DeviceTable::add(const StatusUpdate& update, ListeningTime now) {
  const auto device = append(update);
  watch_.add(device, whole_fleet, now);
  return {device, UpdateOutcome::stored, false};
}

std::uint32_t DeviceTable::append(const StatusUpdate& update) {
  const auto device = static_cast<std::uint32_t>(devices_.size());
  devices_.push_back(update);
  index_.insert(device);
  online_ += update.status.online ? 1 : 0;
  note_change(device);
  return device;
}

// A device that reported already, while only the spool was known, has been heard since.
void DeviceTable::load(const log::LatestStatus& latest, ListeningTime now) {
  auto silence = latest.silence.value_or(SavedSilence{.heard = listening_.time_of(latest.last_heard)});
  if (latest.silence) silence.heard += listening_.shift();
  auto device = number_of(latest.update.device_id);
  if (device) {
    const auto known = watch_.saved(*device);
    silence = {std::max(known.heard, silence.heard), silence.rhythm, known.is_silent, known.is_problem};
    apply(latest.update, {known.heard, known.heard});
  } else {
    device = append(latest.update);
  }
  raise_beyond(*device, beyond(*device), {latest.newest, latest.last_heard});
  watch_.restore(*device, whole_fleet, silence, now);
}

void DeviceTable::note_heard(std::uint32_t device, Timestamp received, const ListeningMoment& moment) {
  const auto known = beyond(device);
  raise_beyond(device, known, {known.newest, received});
  watch_.heard(device, moment);
}

void DeviceTable::note_change(std::uint32_t device) {
  chunks_.note_change(device);
  ++version_;
}

SilenceChanges DeviceTable::find_silent(ListeningTime now) {
  auto changes = watch_.advance(now);
  for (const auto& one : changes.fell_silent) note_change(one.device);
  return changes;
}

DeviceState DeviceTable::state_of(std::uint32_t device) const {
  DeviceState state{devices_[device].status, last_heard(device), {}};
  if (watch_.is_silent(device)) state.was_due = listening_.wall_time_of(watch_.silence_of(device).due);
  return state;
}

log::LatestStatus DeviceTable::latest_of(std::uint32_t device) const {
  const auto [newest, last_heard] = beyond(device);
  return {devices_[device], newest, last_heard, watch_.saved(device)};
}

DeviceTable::Beyond DeviceTable::beyond(std::uint32_t device) const {
  const auto found = beyond_.empty() ? beyond_.end() : beyond_.find(device);
  if (found != beyond_.end()) return found->second;
  const auto& status = devices_[device].status;
  return {status.timestamp, status.received};
}

void DeviceTable::raise_beyond(std::uint32_t device, Beyond known, Beyond sent) {
  const Beyond raised{std::max(known.newest, sent.newest), std::max(known.last_heard, sent.last_heard)};
  const auto& status = devices_[device].status;
  if (raised != Beyond{status.timestamp, status.received})
    beyond_.insert_or_assign(device, raised);
  else if (!beyond_.empty())
    beyond_.erase(device);
  if (raised != known) note_change(device);
}

const Status* DeviceTable::find(std::string_view device_id) const {
  const auto found = index_.find(device_id);
  return found == index_.end() ? nullptr : &devices_[*found].status;
}

std::optional<std::uint32_t> DeviceTable::number_of(std::string_view device_id) const {
  const auto found = index_.find(device_id);
  return found == index_.end() ? std::nullopt : std::optional(*found);
}

const SummaryChunks::Chunk& DeviceTable::ready_chunk(std::size_t chunk, bool deflated) {
  return chunks_.ready_chunk(chunk, deflated, [this](std::size_t index) -> std::optional<SummaryChunks::Device> {
    if (index >= devices_.size()) return std::nullopt;
    return SummaryChunks::Device{devices_[index].device_id, state_of(static_cast<std::uint32_t>(index))};
  });
}

}  // namespace ubiety
