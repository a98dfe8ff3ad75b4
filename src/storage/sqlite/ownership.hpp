// Ownership of a database file: a FileLock, the identity of its update log, and the record of who owns it. Each owner
// sets a new identity, which shows when the file is replaced by a copy. One thread.
#pragma once

#include <optional>
#include <string>

#include "storage/ownership.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/unmerged_updates.hpp"

namespace ubiety::sqlite {

// Writes and reads the table store_owner. Both throw Error.
void record_owner(Database& database, const Owner& owner);

// The last owner on record, for a process that did not get the file's lock. Empty if there is no table yet.
Owner recorded_owner(Database& database);

class FileOwnership final : public Ownership {
 public:
  // All sessions of the store share `unmerged`.
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
  std::optional<Database> database_;  // while this process owns the file; closed before lock_, see FileLock
};

}  // namespace ubiety::sqlite
