// The embedded store: one SQLite file, in WAL mode with synchronous=FULL, so that a commit is on the disk when it
// returns.
#pragma once

#include <string>

#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/sqlite/unmerged_updates.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class SqliteStore final : public Store {
 public:
  // The file is made when it is missing, its folder is not. So many updates gather in its log before they are merged.
  explicit SqliteStore(std::string path, std::size_t merge_from = 262'144)
      : path_(std::move(path)), unmerged_(merge_from) {}

  StoreResult<std::unique_ptr<Session>> open() override;
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;
  std::string_view name() const override { return "sqlite"; }

 private:
  std::string path_;
  UnmergedUpdates unmerged_;
};

}  // namespace ubiety::sqlite
