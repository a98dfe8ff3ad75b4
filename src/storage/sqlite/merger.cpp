#include "storage/sqlite/merger.hpp"

#include <utility>
#include <vector>

namespace ubiety::sqlite {
log::Positions Merger::merge(const log::Positions& through, log::MergeSource& source) {
  const WithoutSync without_sync(database_);
  auto merged = merged_before(through);
  if (merged.empty()) merged = move(through, source);
  delete_merged_rows();
  shared_.known_merges().raise_to(merged);
  return merged;
}

// Returns what an earlier merge moved whose answer was lost: the source still has it.
log::Positions Merger::merged_before(const log::Positions& through) {
  auto merged = log_.merged(through);
  return shared_.known_merges().have(merged) ? log::Positions() : merged;
}

log::Positions Merger::move(const log::Positions& through, log::MergeSource& source) {
  const auto begun = begin(through);
  if (begun.through.empty()) return begun.through;
  source.begin(begun.through, begun.after);
  for (auto devices = source.next(); !devices.empty(); devices = source.next()) merge_slice(devices);
  finish(begun.through);
  return begun.through;
}

// Goes on with the merge under way, if there is one.
Merger::Begun Merger::begin(const log::Positions& through) {
  WriteTransaction transaction(database_, shared_, log_);
  Begun begun;
  if (transaction.progress().device) {
    begun.after = *transaction.progress().device;
  } else {
    log_.begin_merge(through);
  }
  begun.through = log_.merging();
  if (begun.through.empty()) return begun;  // rolls back
  const auto version = log_.raise_version();
  transaction.commit();
  shared_.note_version(version);
  return begun;
}

void Merger::merge_slice(const std::vector<log::DeviceToMerge>& devices) {
  WriteTransaction transaction(database_, shared_, log_);
  for (const auto& device : devices) {
    const auto& device_id = device.latest.update.device_id;
    if (device.may_repeat) {
      auto records = device.records;
      segments_.drop_stored(device_id, records);
      segments_.insert(device_id, records);
    } else {
      segments_.insert(device_id, device.records);
    }
    latest_.raise(device.latest);
  }
  const auto version = log_.merge_to(devices.back().latest.update.device_id);
  transaction.commit();
  shared_.note_version(version);
}

void Merger::finish(const log::Positions& through) {
  WriteTransaction transaction(database_, shared_, log_);
  const auto version = log_.end_merge();
  transaction.commit();
  shared_.note_version(version);
  for (const auto& [stream, sequence] : through) shared_.note_trimmed({stream, sequence});
}

void Merger::delete_merged_rows() {
  for (bool has_more = true; has_more;) {
    WriteTransaction transaction(database_, shared_, log_);
    has_more = log_.delete_merged(shared_);
    transaction.commit();
  }
}

}  // namespace ubiety::sqlite
