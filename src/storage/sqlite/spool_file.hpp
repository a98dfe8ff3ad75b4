// The spool in one SQLite file, with the embedded store's settings: a commit is on the disk when it returns. Any
// thread.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "domain/thread_safety.hpp"
#include "storage/spool.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/store_file.hpp"

namespace ubiety::sqlite {

class SpoolFile final : public Spool {
 public:
  // Opens the file, or creates it in an existing folder. The file grows up to `max_bytes`; its WAL takes a few
  // megabytes more. A file that is not a spool, or is of a later version, is rejected.
  static StoreResult<std::unique_ptr<Spool>> open(const std::string& path, std::int64_t max_bytes);

  StoreResult<Claim> claim(Timestamp now) override;
  StoreResult<Done> append(const UpdateList& updates) override;
  StoreResult<SpoolSlice> oldest(std::size_t max_updates) override;
  StoreResult<Done> remove_through(std::int64_t last) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  std::uint64_t waiting() const override { return waiting_.load(std::memory_order_relaxed); }
  SpoolSize size() const override { return {used_bytes_.load(std::memory_order_relaxed), max_bytes_}; }
  std::optional<std::string> database() const override;
  StoreResult<Done> bind_to(const std::string& database) override;
  std::optional<Timestamp> received_floor() const override;
  StoreResult<Done> set_received_floor(Timestamp received) override;

 private:
  SpoolFile(const std::string& path, std::int64_t max_bytes);
  void read_what_waits() REQUIRES(mutex_);
  void note_size() REQUIRES(mutex_);

  const std::uint64_t max_bytes_;
  mutable Mutex mutex_;
  FileLock lock_ GUARDED_BY(mutex_);
  Database database_ GUARDED_BY(mutex_);
  Statement insert_ GUARDED_BY(mutex_), select_oldest_ GUARDED_BY(mutex_), remove_ GUARDED_BY(mutex_);
  Statement put_floor_ GUARDED_BY(mutex_), put_binding_ GUARDED_BY(mutex_);
  Statement count_pages_ GUARDED_BY(mutex_), count_free_pages_ GUARDED_BY(mutex_);
  const std::uint64_t page_size_;
  std::optional<Timestamp> floor_ GUARDED_BY(mutex_);
  std::optional<std::string> bound_to_ GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> waiting_{0};     // written under mutex_
  std::atomic<std::uint64_t> used_bytes_{0};  // the same
};

}  // namespace ubiety::sqlite
