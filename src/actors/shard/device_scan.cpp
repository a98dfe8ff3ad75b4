#include "actors/shard/device_scan.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {
namespace {

// What a slice does at most; each takes 0.1 to 0.6 ms.
constexpr std::size_t devices_filtered = 8192;  // next to each other in memory
constexpr std::size_t devices_rendered = 1024;
constexpr std::size_t devices_by_id = 2048;  // scattered in memory
constexpr std::size_t devices_put_in_order = 256;
constexpr std::size_t chunks_taken = 1024;

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t largest_device = 4096;  // its JSON, with an id of 255 characters that are all escaped

}  // namespace

bool DeviceScan::advance(std::uint32_t shard, DeviceTable& table, const SummaryEncoder& encoder, const Moment& now) {
  if (!request_.scan->is_wanted(now.steady)) return true;
  if (stage_ == Stage::begin) {
    shard_ = shard;
    version_ = table.version();
    now_ = now.listening;
  }
  if (!do_slice(table, encoder) && !part_.is_too_large) return false;
  part_.shard = shard_;
  part_.began_at = version_;
  if (table.version() == version_) part_.version = version_;
  request_.reply(std::move(part_));
  return true;
}

DeviceScan::Stage DeviceScan::first_stage() const {
  const auto& query = request_.query;
  if (request_.spans) return Stage::list_span;
  if (query.sort) return Stage::sort;
  if (query.is_of_all()) return Stage::chunks;
  return query.limit ? Stage::order : Stage::list;
}

bool DeviceScan::do_slice(DeviceTable& table, const SummaryEncoder& encoder) {
  switch (stage_) {
    case Stage::begin:
      stage_ = first_stage();
      last_id_ = request_.query.after;
      return false;
    case Stage::chunks: return take_chunks(table);
    case Stage::list: return list(table, encoder);
    case Stage::order:
      if (table.put_in_order(devices_put_in_order)) stage_ = Stage::list_by_id;
      return false;
    case Stage::list_by_id:
      if (!list_by_id(table, encoder)) return false;
      if (request_.query.filter.is_empty()) {
        part_.devices = table.size();
        part_.online = table.online();
        return true;
      }
      stage_ = Stage::count;
      return false;
    case Stage::count: return count(table);
    case Stage::sort: return sort(table);
    case Stage::list_span: return list_span(table, encoder);
  }
  return true;
}

bool DeviceScan::take_chunks(DeviceTable& table) {
  std::size_t rendered = 0;
  for (std::size_t taken = 0; next_ < table.chunks(); ++taken, ++next_) {
    const auto work = table.work_for_chunk(next_, request_.deflated);
    if (taken == chunks_taken || (rendered != 0 && rendered + work > devices_rendered)) return false;
    rendered += work;
    const auto& chunk = table.ready_chunk(next_, request_.deflated, part_.devices == 0);
    if (chunk.devices == 0) continue;
    part_.devices += chunk.devices;
    part_.online += chunk.online;
    part_.pieces.push_back(request_.deflated ? chunk.deflated : chunk.plain);
  }
  return true;
}

bool DeviceScan::list(const DeviceTable& table, const SummaryEncoder& encoder) {
  std::size_t rendered = 0;
  for (std::size_t seen = 0; next_ < table.numbers(); ++seen, ++next_) {
    if (seen == devices_filtered || rendered == devices_rendered) return false;
    const auto& device = table.at(next_);
    if (!matches(table, next_)) continue;
    note_match(device.status());
    if (device.device_id <= request_.query.after) continue;
    ++rendered;
    table.render(piece_, static_cast<std::uint32_t>(next_), request_.query.members, encoder);
    if (!end_piece(piece_bytes)) return true;
  }
  return end_piece(1);
}

bool DeviceScan::list_by_id(const DeviceTable& table, const SummaryEncoder& encoder) {
  auto& rows = part_.rows;
  const auto before = rows.ids.size() + rows.json.size();
  std::size_t rendered = 0;
  const auto add = [&](std::uint32_t number, const KnownDevice& device) {
    last_id_ = device.device_id;
    if (!matches(table, number)) return true;
    table.render(rows.json, number, request_.query.members, encoder);
    add_row(device.device_id, 0);
    return rows.size() <= *request_.query.limit && ++rendered < devices_rendered;
  };
  const bool is_over = table.for_each_after(last_id_, devices_by_id, add);
  const auto more = rows.ids.size() + rows.json.size() - before;
  part_.is_too_large = !request_.scan->held.grow(static_cast<std::int64_t>(more));
  return is_over || rows.size() > *request_.query.limit;
}

bool DeviceScan::count(const DeviceTable& table) {
  for (std::size_t seen = 0; next_ < table.numbers(); ++seen, ++next_) {
    if (seen == devices_filtered) return false;
    if (matches(table, next_)) note_match(table.at(next_).status());
  }
  return true;
}

bool DeviceScan::sort(DeviceTable& table) {
  if (!sort_) sort_.emplace(request_.query, now_);
  if (!sort_->advance(table)) return false;
  part_.sorted = sort_->devices();
  part_.samples = sort_->samples(table);
  part_.devices = sort_->matches();
  part_.online = sort_->online();
  return true;
}

// A device that changed since it was sorted keeps its place.
bool DeviceScan::list_span(const DeviceTable& table, const SummaryEncoder& encoder) {
  const auto& [sorted, begin, end] = (*request_.spans)[shard_];
  part_.is_outdated = sorted->table != table.identity();
  if (part_.is_outdated) return true;
  auto& rows = part_.rows;
  const auto before = rows.ids.size() + rows.json.size();
  next_ = std::max(next_, begin);
  for (std::size_t rendered = 0; next_ < end && rendered < devices_rendered; ++next_, ++rendered) {
    const auto& key = sorted->keys[next_];
    if (matches(table, key.device)) table.render(rows.json, key.device, request_.query.members, encoder);
    add_row(table.at(key.device).device_id, key.value);
  }
  const auto more = rows.ids.size() + rows.json.size() - before;
  part_.is_too_large = !request_.scan->held.grow(static_cast<std::int64_t>(more));
  return next_ == end;
}

void DeviceScan::add_row(std::string_view device_id, std::int64_t value) {
  auto& rows = part_.rows;
  rows.ids += device_id;
  rows.ends.push_back({rows.ids.size(), rows.json.size(), value});
}

bool DeviceScan::matches(const DeviceTable& table, std::size_t number) const {
  return table.has(number) && table.matches(request_.query.filter, static_cast<std::uint32_t>(number), now_);
}

void DeviceScan::note_match(const Status& status) {
  ++part_.devices;
  part_.online += status.online ? 1 : 0;
}

bool DeviceScan::end_piece(std::size_t smallest) {
  if (piece_.size() < smallest) return true;
  if (part_.pieces.empty()) piece_.erase(0, 1);  // the comma
  part_.is_too_large = !request_.scan->held.grow(static_cast<std::int64_t>(piece_.size()));
  if (!part_.is_too_large) part_.pieces.push_back({std::make_shared<const std::string>(std::move(piece_))});
  piece_.clear();
  piece_.reserve(piece_bytes + largest_device);
  return !part_.is_too_large;
}

}  // namespace ubiety
