// A merge: what it moves from the log into the history, which segments it writes, and how far earlier merges went. Both
// stores merge by this plan. The merge's thread, except where stated.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "domain/status.hpp"
#include "domain/thread_safety.hpp"
#include "fleet/saved_watch.hpp"
#include "storage/log/position.hpp"

namespace ubiety::log {

// A device's latest status, and what that status does not say.
struct LatestStatus {
  StatusUpdate update;
  // The latest timestamp of all its updates: later than the status's only after its clock ran ahead, see NewerThan.
  Timestamp newest;
  // When its last update was received: later than the status's receipt only after a late or a repeated update.
  Timestamp last_heard{};
  // As of that update; nullopt where it is not known.
  std::optional<SavedWatch> watch = std::nullopt;

  friend bool operator==(const LatestStatus&, const LatestStatus&) = default;
};

// The updates of one device that a merge moves.
struct DeviceToMerge {
  LatestStatus latest;
  std::vector<Status> records;  // by oldest_first, without repetitions; none if all are expired
  bool may_repeat = false;      // the history may have some of them already
};

// The updates that a merge moves, in the order of the device ids' bytes. The merge's thread.
class MergeSource {
 public:
  virtual ~MergeSource() = default;

  // Begins behind the device `after`, with the updates of the log's rows up to `through`.
  virtual void begin(const Positions& through, std::string_view after) = 0;

  // Returns the next devices; none behind the last. Blocks to pace the merge, and while it asks the shards. Throws
  // MergeInterrupted.
  virtual std::vector<DeviceToMerge> next() = 0;
};

// A merge cannot go on: a shard failed, or the service stops. Nothing is lost; a later merge begins again.
class MergeInterrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How far the merges of this process went, by their answers. The answer to a COMMIT may be lost, so the database may be
// further: then the source of the next merge still has what is merged already. A database that lost commits may lack a
// merge: then the source no longer has what that merge moved. Any thread.
class KnownMerges {
 public:
  void raise_to(const Positions& merged) {
    const MutexLock lock(mutex_);
    merged_.raise_to(merged);
  }

  bool have(const Positions& merged) const {
    const MutexLock lock(mutex_);
    for (const auto& [stream, sequence] : merged)
      if (!merged_.has({stream, sequence})) return false;
    return true;
  }

  Positions get() const {
    const MutexLock lock(mutex_);
    return merged_;
  }

  // The database lacks merges: it has only these, of these streams.
  void lower_to(const Positions& merged) {
    const MutexLock lock(mutex_);
    merged_.set_to(merged);
  }

  // Returns `through` without the streams of which the database is merged less far than it was. Their rows stay in the
  // log until they are loaded again.
  Positions without_lost(const Positions& through, const Positions& merged) const {
    const MutexLock lock(mutex_);
    Positions kept;
    for (const auto& [stream, sequence] : through)
      if (merged.of(stream) >= merged_.of(stream)) kept.raise_to({stream, sequence});
    return kept;
  }

 private:
  mutable Mutex mutex_;
  Positions merged_ GUARDED_BY(mutex_);
};

// -- pure functions, any thread --

// The order of the records in a segment: that of a history, backwards.
bool oldest_first(const Status& left, const Status& right);

// Sorts the records by oldest_first. Of exact repetitions only the first received stays.
void sort_and_fold(std::vector<Status>& records);

// Divides records, sorted by oldest_first, into the segments to write, in their order. A segment lies within one day
// (UTC), so that retention can drop whole days. It has at most `max_records`, unless more have the same timestamp: no
// two segments of a plan share one, so their order is that of their records. A larger segment costs a reader of one
// page more, a smaller one more rows.
std::vector<std::span<const Status>> plan_segments(std::span<const Status> records, std::size_t max_records);

}  // namespace ubiety::log
