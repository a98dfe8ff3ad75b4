#include "storage/sqlite/shared_state.hpp"

#include <algorithm>

namespace ubiety::sqlite {

void SharedState::own(std::int64_t version) {
  const MutexLock lock(mutex_);
  is_owned_ = true;
  seen_ = {.version = version};
  damaged_.clear();
}

void SharedState::expect_owned() const {
  const MutexLock lock(mutex_);
  if (!is_owned_) throw Error(SQLITE_READONLY, "this process does not own the store");
}

SeenState SharedState::seen() const {
  const MutexLock lock(mutex_);
  return seen_;
}

void SharedState::note_stream(log::StreamId stream, const SeenState::Stream& state) {
  const MutexLock lock(mutex_);
  auto& seen = seen_.streams[stream];
  seen.last = std::max(seen.last, state.last);
  seen.trimmed = std::max(seen.trimmed, state.trimmed);
}

void SharedState::note_trimmed(log::Position through) {
  const MutexLock lock(mutex_);
  const auto found = seen_.streams.find(through.stream);
  if (found != seen_.streams.end()) found->second.trimmed = std::max(found->second.trimmed, through.sequence);
}

void SharedState::note_version(std::int64_t version) {
  const MutexLock lock(mutex_);
  seen_.version = std::max(seen_.version, version);
}

void SharedState::note_damage(log::Position position) {
  const MutexLock lock(mutex_);
  damaged_.insert(position);
}

bool SharedState::is_damaged(log::Position position) const {
  const MutexLock lock(mutex_);
  return damaged_.contains(position);
}

}  // namespace ubiety::sqlite
