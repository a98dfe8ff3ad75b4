#include "actors/shard/device_sort.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {
namespace {

// What a slice does at most; each takes 0.1 to 0.4 ms.
constexpr std::size_t devices_put_in_order = 256;
constexpr std::size_t devices_ranked = 32'768;
constexpr std::size_t devices_chosen = 8192;
constexpr std::size_t keys_sorted = 65'536;

constexpr std::uint32_t unranked = 0xFFFF'FFFF;  // it came after the beginning

std::size_t wanted_by(const SummaryQuery& query) {
  const auto end = query.offset + query.limit.value_or(0);
  return end <= DeviceSort::few ? DeviceSort::few : 0;
}

std::int64_t value_of(const DeviceTable& table, std::uint32_t device, SummarySort::By by) {
  const auto status = table.at(device).status();
  switch (by) {
    case SummarySort::By::battery_level: return status.battery_level;
    case SummarySort::By::rssi: return status.rssi;
    case SummarySort::By::last_heard: return table.last_heard(device).microseconds;
    case SummarySort::By::last_update: return status.timestamp.microseconds;
    case SummarySort::By::device_id: break;
  }
  return 0;
}

}  // namespace

DeviceSort::DeviceSort(const SummaryQuery& query, ListeningTime now)
    : filter_(query.filter),
      sort_(query.sort.value_or(SummarySort{})),
      wanted_(wanted_by(query)),
      now_(now),
      sorted_(std::make_shared<SortedDevices>()) {}

bool DeviceSort::advance(DeviceTable& table) {
  switch (stage_) {
    case Stage::order:
      if (!table.put_in_order(devices_put_in_order)) return false;
      order_.assign(table.in_order().begin(), table.in_order().end());
      ranks_.assign(table.numbers(), unranked);
      sorted_->table = table.identity();
      stage_ = Stage::rank;
      return false;
    case Stage::rank:
      if (!rank()) return false;
      order_ = {};
      next_ = 0;
      sorted_->keys.reserve(wanted_ == 0 ? ranks_.size() : 2 * wanted_);  // a copy of all would take milliseconds
      stage_ = Stage::choose;
      return false;
    case Stage::choose:
      choose(table);
      if (next_ < ranks_.size()) return false;
      ranks_ = {};
      if (!sorted_->is_whole) keep_the_first();
      sorting_.emplace(sorted_->keys);
      stage_ = Stage::sort;
      return false;
    case Stage::sort: return sorting_->advance(keys_sorted);
  }
  return true;
}

bool DeviceSort::rank() {
  const auto end = std::min(next_ + devices_ranked, order_.size());
  for (; next_ < end; ++next_) ranks_[order_[next_]] = static_cast<std::uint32_t>(next_);
  return next_ == order_.size();
}

void DeviceSort::choose(const DeviceTable& table) {
  const auto end = std::min(next_ + devices_chosen, ranks_.size());
  for (; next_ < end; ++next_) {
    const auto device = static_cast<std::uint32_t>(next_);
    if (ranks_[device] == unranked || !table.has(device) || !table.matches(filter_, device, now_)) continue;
    ++matches_;
    online_ += table.at(device).status().online ? 1 : 0;
    add(key_of(table, device));
  }
}

// Keys beyond those wanted are dropped when there are twice as many.
void DeviceSort::add(const SortedDevices::Key& key) {
  if (last_wanted_ && key > *last_wanted_) return;
  sorted_->keys.push_back(key);
  if (wanted_ != 0 && sorted_->keys.size() == 2 * wanted_) keep_the_first();
}

void DeviceSort::keep_the_first() {
  auto& keys = sorted_->keys;
  if (keys.size() <= wanted_) return;
  const auto last = keys.begin() + static_cast<std::ptrdiff_t>(wanted_) - 1;
  std::nth_element(keys.begin(), last, keys.end());
  last_wanted_ = *last;
  keys.resize(wanted_);
  sorted_->is_whole = false;
}

SortedDevices::Key DeviceSort::key_of(const DeviceTable& table, std::uint32_t device) const {
  const auto value = value_of(table, device, sort_.by);
  if (!sort_.is_descending) return {value, ranks_[device], device};
  if (sort_.by == SummarySort::By::device_id) return {0, ~ranks_[device], device};
  return {~value, ranks_[device], device};
}

std::vector<SortSample> DeviceSort::samples(const DeviceTable& table) const {
  std::vector<SortSample> samples;
  const auto& keys = sorted_->keys;
  const auto step = keys.size() / most_samples + 1;
  for (auto count = step; count <= keys.size(); count += step) {
    const auto& key = keys[count - 1];
    samples.push_back({key.value, table.at(key.device).device_id, count});
  }
  return samples;
}

}  // namespace ubiety
