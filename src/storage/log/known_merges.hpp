// How far the merges of this process went, by their answers. The answer to a COMMIT may be lost, so the database may be
// further: then the source of the next merge still has what is merged already. A database that lost commits may lack a
// merge: then the source no longer has what that merge moved. Any thread.
#pragma once

#include "domain/thread_safety.hpp"
#include "storage/log/position.hpp"

namespace ubiety::log {

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

  // Returns `through` without the streams of which the database is merged less far than it was. Their rows stay in the
  // log until the next start reads them.
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

}  // namespace ubiety::log
