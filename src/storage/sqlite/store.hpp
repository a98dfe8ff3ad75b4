// The embedded store: one SQLite file, in WAL mode with synchronous=FULL, so that a commit is on the disk when it
// returns. Any thread.
#pragma once

#include <memory>
#include <string>

#include "domain/status.hpp"
#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/sqlite/ownership.hpp"
#include "storage/sqlite/unmerged_updates.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class SqliteStore final : public Store {
 public:
  static constexpr std::size_t usual_merge_from = 262'144;

  // A missing file is created, a missing folder is not. `merge_from` updates gather in the log before they are merged.
  explicit SqliteStore(std::string path, std::size_t merge_from = usual_merge_from, NewerThan newer_than = NewerThan{})
      : path_(std::move(path)), newer_than_(newer_than), unmerged_(merge_from), ownership_(path_, unmerged_) {}

  StoreResult<std::unique_ptr<Session>> open() override;            // session.cpp
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;  // migration_target.cpp
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;      // key_store.cpp
  Ownership& ownership() override { return ownership_; }
  std::string_view name() const override { return "sqlite"; }

 private:
  const std::string path_;
  const NewerThan newer_than_;
  SharedUnmergedUpdates unmerged_;
  FileOwnership ownership_;
};

// The schema of the store at `path`, for a Migrator. Throws Error.
std::unique_ptr<MigrationTarget> migration_target(const std::string& path);

}  // namespace ubiety::sqlite
