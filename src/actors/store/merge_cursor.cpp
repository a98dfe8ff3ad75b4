#include "actors/store/merge_cursor.hpp"

#include <algorithm>
#include <utility>

namespace ubiety {

void MergeCursor::begin(const log::Positions& through, std::string_view after) {
  through_ = std::make_shared<const log::Positions>(through);
  for (auto& part : parts_) part = {{}, DeviceId(after), true};
  returned_ = {};
  updates_ = 0;
}

std::vector<log::DeviceToMerge> MergeCursor::next() {
  const auto now = std::chrono::steady_clock::now();
  if (returned_ != std::chrono::steady_clock::time_point{} && !pause_(now - returned_))
    throw log::MergeInterrupted("the service stops");
  std::vector<log::DeviceToMerge> slice;
  for (bool more = true; more && slice.empty();) {
    const auto behind = shard_behind();
    more = behind.has_value();
    take_up_to(behind ? &parts_[*behind].reached : nullptr, slice);
    if (slice.empty() && behind) refill(*behind);
  }
  for (const auto& device : slice) updates_ += device.records.size();
  returned_ = std::chrono::steady_clock::now();
  return slice;
}

std::optional<std::size_t> MergeCursor::shard_behind() const {
  std::optional<std::size_t> behind;
  for (std::size_t shard = 0; shard < parts_.size(); ++shard)
    if (parts_[shard].more && (!behind || parts_[shard].reached < parts_[*behind].reached)) behind = shard;
  return behind;
}

void MergeCursor::refill(std::size_t shard) {
  auto& part = parts_[shard];
  auto answer = ask_(shard, {through_, part.reached, most_records});
  if (answer.devices == nullptr) throw log::MergeInterrupted("a shard is being recovered");
  std::move(answer.devices->begin(), answer.devices->end(), std::back_inserter(part.devices));
  part.reached = std::move(answer.reached);
  part.more = answer.more;
}

// Takes the first devices of all shards, none behind `last`, as many as fit into a slice.
void MergeCursor::take_up_to(const DeviceId* last, std::vector<log::DeviceToMerge>& slice) {
  const auto id_of_first = [](const Part& part) -> const DeviceId& {
    return part.devices.front().latest.update.device_id;
  };
  std::size_t records = 0;
  while (slice.size() < most_devices && records < most_records) {
    Part* first = nullptr;
    for (auto& part : parts_)
      if (!part.devices.empty() && (first == nullptr || id_of_first(part) < id_of_first(*first))) first = &part;
    if (first == nullptr || (last != nullptr && id_of_first(*first) > *last)) return;
    records += first->devices.front().records.size();
    slice.push_back(std::move(first->devices.front()));
    first->devices.pop_front();
  }
}

}  // namespace ubiety
