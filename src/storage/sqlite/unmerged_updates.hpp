// The updates that are in the log but not yet in the history's table, by device and in the order of their timestamps.
// What the log has is the truth; this is it in memory, so that a history need not search the log. All sessions of a
// store share one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/thread_safety.hpp"
#include "storage/sqlite/unmerged_devices.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

// How far the log is merged into the table: see update_log_progress in docs/FORMATS.md.
struct MergeProgress {
  std::int64_t log_identity = 0;
  std::int64_t version = 0;
  std::int64_t merged_through = 0;
  std::int64_t merging_through = 0;
  DeviceId merging_device{};
  Timestamp merging_timestamp{};

  bool is_merging() const { return merging_through > merged_through; }
  // Whether this update of that row is in the table.
  bool includes(std::int64_t row, std::string_view device_id, Timestamp timestamp) const;

  void begin_merge(std::int64_t through);
  void merge_to(const StatusUpdate& last);
  void end_merge();
};

// One thread at a time: see SharedUnmergedUpdates.
class UnmergedUpdates {
 public:
  // `merge_from`: how many should gather before they are merged. More are cheaper to merge, since those of a device
  // share a page of the table. A device takes 90 bytes with its first, and 32 for each other.
  explicit UnmergedUpdates(std::size_t merge_from) : merge_from_(merge_from) {}

  std::size_t merge_from() const { return merge_from_; }

  // How far the file was when this memory last followed it.
  struct Seen {
    std::int64_t log_identity, version, newest_row;

    // Whether the file's log, read later, may be the one that this was seen of: it only goes on.
    bool is_of(std::int64_t identity, std::int64_t read_version, std::int64_t read_row) const {
      return identity == log_identity && read_version >= version && read_row >= newest_row;
    }
  };
  Seen seen() const { return {progress_.log_identity, progress_.version, newest_row_}; }

  // This process owns the store, and has given its log this identity: another one is another log.
  void own(std::int64_t log_identity);

  bool is_owned() const { return owned_; }

  // Whether so many gathered that a merge should begin: `merge_from` of them, or fewer of so many devices that more
  // would take memory, and few of them share a page.
  bool are_to_be_merged() const { return size_ >= merge_from_ || devices_.size() >= merge_from_ / 4; }

  std::int64_t newest_row() const { return newest_row_; }
  const MergeProgress& progress() const { return progress_; }
  std::size_t size() const { return size_; }

  // The newest timestamp of all that is stored of the device, if it is known here.
  std::optional<Timestamp> newest(std::string_view device_id) const;

  // The rows of the log come in their order; newest_row() is the last of them. `newest_in_table`: for a device that is
  // not known here.
  template <class NewestInTable>
  void add(std::int64_t row, const StatusUpdate& update, NewestInTable newest_in_table) {
    auto* device = devices_.find(update.device_id);
    if (device == nullptr) device = &devices_.insert({update.device_id, newest_in_table(update.device_id)});
    add(*device, row, update.status);
  }
  void advance_to_row(std::int64_t row) { newest_row_ = row; }

  // The same update, with its own time of receipt.
  std::optional<Status> repetition_of(const StatusUpdate& update) const;
  // The update was written to the table, with its repetition here if there is one.
  void settle(const StatusUpdate& update);

  // Forgets everything, for another log.
  void begin_anew(std::int64_t log_identity);

  // Forgets what is merged by now.
  void advance(const MergeProgress& progress);

  struct Matching {
    std::uint64_t count = 0;      // within the query's bounds
    std::vector<Status> records;  // from its position on, newest first
  };
  Matching matching(const HistoryQuery& query, std::size_t most) const;

  std::vector<StatusUpdate> all() const;

  // The next to merge, at most so many, in the order of the table's key.
  std::vector<StatusUpdate> next_to_merge(const MergeProgress& progress, std::size_t most) const;

 private:
  void add(UnmergedDevice& device, std::int64_t row, const Status& status);

  const std::size_t merge_from_;
  UnmergedDevices devices_;
  std::size_t size_ = 0;
  std::int64_t newest_row_ = 0;
  MergeProgress progress_;
  bool owned_ = false;
};

// The UnmergedUpdates of a store, for all of its sessions. Any thread.
class SharedUnmergedUpdates {
 public:
  // See UnmergedUpdates.
  explicit SharedUnmergedUpdates(std::size_t merge_from) : merge_from_(merge_from), updates_(merge_from) {}

  std::size_t merge_from() const { return merge_from_; }

  // Access to the updates, which no other thread has meanwhile.
  class Locked {
   public:
    UnmergedUpdates& operator*() const { return updates_; }
    UnmergedUpdates* operator->() const { return &updates_; }

   private:
    friend class SharedUnmergedUpdates;
    explicit Locked(SharedUnmergedUpdates& shared) : lock_(shared.mutex_), updates_(shared.updates_) {}

    const MutexLock lock_;
    UnmergedUpdates& updates_;
  };
  Locked lock() { return Locked(*this); }

 private:
  const std::size_t merge_from_;
  Mutex mutex_;
  UnmergedUpdates updates_ GUARDED_BY(mutex_);
};

}  // namespace ubiety::sqlite
