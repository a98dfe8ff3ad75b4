// The spool in one SQLite file, with the settings of the embedded store: a commit is on the disk when it returns.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "domain/thread_safety.hpp"
#include "storage/spool.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/file_lock.hpp"

namespace ubiety::sqlite {

class SpoolFile final : public Spool {
 public:
  // Opens the file, or makes it in a folder that is there. It grows to `most_bytes`, beside which its log takes a few
  // megabytes. What is no spool, or one of a later version, is rejected.
  static StoreResult<std::unique_ptr<Spool>> open(const std::string& path, std::int64_t most_bytes);

  StoreResult<Claim> claim(Timestamp now) override;
  StoreResult<Done> append(const UpdateList& updates) override;
  StoreResult<SpoolSlice> oldest(std::size_t most) override;
  StoreResult<Done> remove_through(std::int64_t last) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  std::uint64_t waiting() const override { return waiting_.load(std::memory_order_relaxed); }
  SpoolSize size() const override { return {used_bytes_.load(std::memory_order_relaxed), most_bytes_}; }
  std::optional<std::string> database() const override;
  StoreResult<Done> bind_to(const std::string& database) override;
  std::optional<Timestamp> received_floor() const override;
  StoreResult<Done> set_received_floor(Timestamp received) override;

 private:
  SpoolFile(const std::string& path, std::int64_t most_bytes);
  void read_what_waits() REQUIRES(mutex_);
  void note_size() REQUIRES(mutex_);

  const std::uint64_t most_bytes_;
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
