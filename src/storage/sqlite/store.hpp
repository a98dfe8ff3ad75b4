// The embedded store: one SQLite file, in WAL mode with synchronous=FULL, so that a commit is on the disk when it
// returns. Any thread.
#pragma once

#include <memory>
#include <string>

#include "domain/status.hpp"
#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/sqlite/ownership.hpp"
#include "storage/sqlite/shared_state.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class SqliteStore final : public Store {
 public:
  // A missing file is created, a missing folder is not.
  explicit SqliteStore(std::string path, NewerThan newer_than = NewerThan{})
      : path_(std::move(path)),
        newer_than_(newer_than),
        ownership_(path_, shared_),
        checkpointer_(path_, shared_.turns()) {}

  StoreResult<std::unique_ptr<Session>> open() override;            // session.cpp
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;  // migration_target.cpp
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;      // key_store.cpp
  Ownership& ownership() override { return ownership_; }
  std::string_view name() const override { return "sqlite"; }

 private:
  const std::string path_;
  const NewerThan newer_than_;
  SharedState shared_;
  FileOwnership ownership_;
  Checkpointer checkpointer_;  // destroyed before ownership_, see FileLock
};

// The schema of the store at `path`, for a Migrator. Throws Error.
std::unique_ptr<MigrationTarget> migration_target(const std::string& path, NewerThan newer_than = NewerThan{});

}  // namespace ubiety::sqlite
