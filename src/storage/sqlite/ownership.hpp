// Ownership of a database file: a FileLock, the record of who owns the file, and what the owner has seen in it, which
// shows when the file is restored from a copy. One thread.
#pragma once

#include <optional>
#include <string>

#include "storage/ownership.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/shared_state.hpp"

namespace ubiety::sqlite {

// Writes and reads the table store_owner. Both throw Error.
void record_owner(Database& database, const Owner& owner);

// The last owner on record, for a process that did not get the file's lock. Empty if there is no table yet.
Owner recorded_owner(Database& database);

class FileOwnership final : public Ownership {
 public:
  FileOwnership(std::string path, SharedState& shared) : path_(std::move(path)), shared_(shared), lock_(path_) {}

  StoreResult<Claim> claim() override;
  StoreResult<Done> take_over(Timestamp now) override;

 private:
  Claim first_claim();
  Owner recorded_owner() const;
  Claim look_again();

  const std::string path_;
  SharedState& shared_;
  FileLock lock_;
  Owner self_;                        // as it is on record since take_over()
  std::optional<Database> database_;  // while this process owns the file; closed before lock_, see FileLock
};

}  // namespace ubiety::sqlite
