// Ownership of a database file: its FileLock, and the identity of its update log. Each owner sets a new identity, so a
// file that was restored from a copy is noticed. One thread.
#pragma once

#include <optional>
#include <string>

#include "storage/ownership.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/unmerged_updates.hpp"

namespace ubiety::sqlite {

class FileOwnership final : public Ownership {
 public:
  // The UnmergedUpdates are those of all sessions of the store.
  FileOwnership(std::string path, SharedUnmergedUpdates& unmerged)
      : path_(std::move(path)), unmerged_(unmerged), lock_(path_) {}

  StoreResult<Claim> claim() override;
  StoreResult<Done> take_over(Timestamp now) override;

 private:
  Claim first_claim();
  Owner recorded_owner() const;
  Claim look_again();

  const std::string path_;
  SharedUnmergedUpdates& unmerged_;
  FileLock lock_;
  std::optional<Database> database_;  // of the owner; closed before the lock is, see FileLock
};

}  // namespace ubiety::sqlite
