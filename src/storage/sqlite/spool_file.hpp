// The spool in one SQLite file, with the embedded store's settings: a commit is on the disk when it returns. Any
// thread.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/thread_safety.hpp"
#include "storage/spool.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/store_file.hpp"

namespace ubiety::sqlite {

class SpoolFile final : public Spool {
 public:
  // Opens the file, or creates it in an existing folder. The file grows up to `max_bytes`; its WAL takes a few
  // megabytes more. A file that is not a spool, or is of a later version, is rejected. The rows of an earlier version
  // are converted by claim().
  static StoreResult<std::unique_ptr<Spool>> open(const std::string& path, std::int64_t max_bytes);

  StoreResult<Claim> claim(Timestamp now) override;
  StoreResult<Done> append(log::Position position, const UpdateList& updates) override;
  StoreResult<std::vector<log::Row>> oldest() override;
  StoreResult<Done> remove(const std::vector<log::Position>& positions) override;
  StoreResult<Done> read_all(const std::function<void(log::Row&&)>& sink) override;
  std::optional<std::string> database() const override;
  StoreResult<Done> bind_to(const std::string& database) override;
  std::uint64_t waiting() const override { return waiting_.load(std::memory_order_relaxed); }
  std::uint64_t set_aside() const override { return set_aside_.load(std::memory_order_relaxed); }
  SpoolSize size() const override { return {used_bytes_.load(std::memory_order_relaxed), max_bytes_}; }

 private:
  SpoolFile(const std::string& path, std::int64_t max_bytes);
  void read_what_waits() REQUIRES(mutex_);
  void note_size() REQUIRES(mutex_);
  std::uint64_t remove_row(log::Position position) REQUIRES(mutex_);
  void set_row_aside(log::Position position) REQUIRES(mutex_);

  const std::uint64_t max_bytes_;
  mutable Mutex mutex_;
  FileLock lock_ GUARDED_BY(mutex_);
  Database database_ GUARDED_BY(mutex_);
  Statement insert_ GUARDED_BY(mutex_), select_ GUARDED_BY(mutex_), remove_ GUARDED_BY(mutex_);
  Statement set_aside_row_ GUARDED_BY(mutex_), put_binding_ GUARDED_BY(mutex_);
  Statement count_pages_ GUARDED_BY(mutex_), count_free_pages_ GUARDED_BY(mutex_);
  const std::uint64_t page_size_;
  std::optional<std::string> bound_to_ GUARDED_BY(mutex_);
  std::atomic<std::uint64_t> waiting_{0};     // written under mutex_
  std::atomic<std::uint64_t> set_aside_{0};   // the same
  std::atomic<std::uint64_t> used_bytes_{0};  // the same
};

}  // namespace ubiety::sqlite
