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
    const auto* device = device_at(index);
    if (device == nullptr) break;
    encoder_.render(json, device->device_id, device->status);
    ++rendered.devices;
    rendered.online += device->status.online ? 1 : 0;
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

DeviceTable::Applied DeviceTable::apply(const StatusUpdate& update) {
  const auto found = index_.find(std::string_view(update.device_id));
  if (found == index_.end()) return add(update);
  const auto device = *found;
  const auto newest = newest_timestamp(device);
  const bool may_repeat = update.status.timestamp <= newest;
  auto& latest = devices_[device].status;
  if (same_report(update.status, latest)) return {device, UpdateOutcome::duplicate, may_repeat};
  const bool is_newer = newer_than_(update.status, latest);
  if (is_newer) {
    online_ += update.status.online ? 1 : 0;
    online_ -= latest.online ? 1 : 0;
    latest = update.status;
    chunks_.note_change(device);
    ++version_;
  }
  note_newest(device, std::max(newest, update.status.timestamp));
  return {device, is_newer ? UpdateOutcome::stored : UpdateOutcome::late, may_repeat};
}

DeviceTable::Applied DeviceTable::add(const StatusUpdate& update) {
  const auto device = static_cast<std::uint32_t>(devices_.size());
  devices_.push_back(update);
  index_.insert(device);
  chunks_.note_change(device);
  ++version_;
  online_ += update.status.online ? 1 : 0;
  return {device, UpdateOutcome::stored, false};
}

void DeviceTable::load(const log::LatestStatus& latest) {
  const auto device = apply(latest.update).device;
  note_newest(device, std::max(latest.newest, newest_timestamp(device)));
}

Timestamp DeviceTable::newest_timestamp(std::uint32_t device) const {
  const auto ahead = ahead_.empty() ? ahead_.end() : ahead_.find(device);
  return ahead == ahead_.end() ? devices_[device].status.timestamp : ahead->second;
}

void DeviceTable::note_newest(std::uint32_t device, Timestamp newest) {
  if (newest > devices_[device].status.timestamp)
    ahead_.insert_or_assign(device, newest);
  else if (!ahead_.empty())
    ahead_.erase(device);
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
  return chunks_.ready_chunk(
      chunk, deflated, [this](std::size_t index) { return index < devices_.size() ? &devices_[index] : nullptr; });
}

}  // namespace ubiety
