// How far the merges of this process went, by their answers. The answer to a COMMIT may be lost, so the database may be
// further: then the source of the next merge still has what is merged already. Any thread.
#pragma once

#include <algorithm>

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
    return std::all_of(merged.begin(), merged.end(), [this](const auto& last) {
      return merged_.has({last.first, last.second});
    });
  }

 private:
  mutable Mutex mutex_;
  Positions merged_ GUARDED_BY(mutex_);
};

}  // namespace ubiety::log
