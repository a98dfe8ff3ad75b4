#include "actors/shard/history_counts.hpp"

namespace ubiety {

HistoryCounts::Known HistoryCounts::ask(const DeviceId& device_id, bool batch_is_on_its_way) {
  auto* entry = find(device_id);
  if (entry == nullptr) {
    if (entries_.size() == most_devices && on_their_way_.empty()) entries_.clear();
    if (entries_.size() == most_devices) return {};
    entry = &entries_[device_id];
    entry->version = ++last_version_;
    if (batch_is_on_its_way) note_on_its_way(*entry);  // its updates may be among it
  }
  if (entry->on_its_way) return {};
  return {entry->rows, entry->version};
}

void HistoryCounts::keep(const DeviceId& device_id, std::uint64_t version, std::uint64_t rows) {
  auto* entry = find(device_id);
  if (entry != nullptr && entry->version == version) entry->rows = rows;
}

void HistoryCounts::handed_over(const WriteBatch& write) {
  if (entries_.empty()) return;
  for (const auto* lane : {&write.fresh, &write.doubtful})
    for (const auto* update : *lane)
      if (auto* entry = find(update->device_id)) {
        entry->version = ++last_version_;
        note_on_its_way(*entry);
      }
}

void HistoryCounts::done(const WriteBatch& write, bool fresh_are_new) {
  if (!entries_.empty()) {
    for (const auto* update : write.fresh)
      if (auto* entry = find(update->device_id); entry != nullptr && entry->rows) {
        if (fresh_are_new)
          ++*entry->rows;
        else
          entry->rows.reset();
      }
    for (const auto* update : write.doubtful)
      if (auto* entry = find(update->device_id)) entry->rows.reset();
  }
  for (auto* entry : on_their_way_) entry->on_its_way = false;
  on_their_way_.clear();
}

void HistoryCounts::forget() {
  for (auto& [device_id, entry] : entries_) {
    entry.rows.reset();
    entry.version = ++last_version_;
  }
}

HistoryCounts::Entry* HistoryCounts::find(const DeviceId& device_id) {
  const auto found = entries_.find(device_id);
  return found == entries_.end() ? nullptr : &found->second;
}

void HistoryCounts::note_on_its_way(Entry& entry) {
  if (entry.on_its_way) return;
  entry.on_its_way = true;
  on_their_way_.push_back(&entry);
}

}  // namespace ubiety
