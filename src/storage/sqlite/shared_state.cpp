#include "storage/sqlite/shared_state.hpp"

#include <algorithm>
#include <utility>

namespace ubiety::sqlite {
namespace {

// Pages in the WAL. At the second number a commit checkpoints, because this thread does not keep up.
constexpr int large = 8'000, too_large = 64'000;

// So many pages are checkpointed within a few milliseconds.
constexpr int few_pages = 300;
constexpr int most_passes = 4;

// Returns the number of pages that are left. Those of a snapshot that is still read are among them.
int checkpoint_once(sqlite3* handle) {
  int pages = 0, done = 0;
  if (sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, &pages, &done) != SQLITE_OK) return 0;
  return pages - done;
}

}  // namespace

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

Checkpointer::~Checkpointer() {
  std::optional<std::jthread> thread;
  {
    const MutexLock lock(mutex_);
    thread = std::exchange(thread_, std::nullopt);
  }
}

void Checkpointer::watch(Database& database) { sqlite3_wal_hook(database.handle(), &Checkpointer::after_commit, this); }

int Checkpointer::after_commit(void* self, sqlite3* handle, const char*, int pages) {
  if (pages >= large) static_cast<Checkpointer*>(self)->wake();
  if (pages >= too_large) checkpoint_once(handle);
  return SQLITE_OK;
}

void Checkpointer::wake() {
  const MutexLock lock(mutex_);
  is_wanted_ = true;
  if (!thread_) thread_.emplace([this](const std::stop_token& stopping) { run(stopping); });
  woken_.notify_one();
}

void Checkpointer::run(const std::stop_token& stopping) {
  for (;;) {
    {
      const MutexLock lock(mutex_);
      if (!woken_.wait(mutex_, stopping, [this]() REQUIRES(mutex_) { return is_wanted_; })) return;
      is_wanted_ = false;
    }
    // A failure shows in the commits, too.
    (void)guarded([&] {
      auto database = connect_to_existing(path_);
      checkpoint(database);
      return Done{};
    });
  }
}

// SQLite begins to write the WAL from its start again only when all of it is checkpointed. So the last pages are done
// while nothing is appended.
void Checkpointer::checkpoint(Database& database) {
  for (int pass = 0; pass < most_passes && checkpoint_once(database.handle()) > few_pages; ++pass) {
  }
  const WriteTurns::Turn turn(turns_);
  checkpoint_once(database.handle());
}

}  // namespace ubiety::sqlite
