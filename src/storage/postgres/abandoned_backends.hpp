// The server's processes whose connection broke in the middle of a commit. Nobody knows what they did or still do, so
// they have to be gone before the batch is written again. Any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/thread_safety.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

class AbandonedBackends {
 public:
  void add(Backend backend);

  // Returns when none of them lives any more. Throws SqlError when one does not go.
  void end_all(Connection& connection);

 private:
  Mutex mutex_;
  std::vector<Backend> backends_ GUARDED_BY(mutex_);
};

}  // namespace ubiety::postgres
