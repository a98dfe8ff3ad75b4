// PostgreSQL as the store. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "domain/status.hpp"
#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

class PostgresStore final : public Store {
 public:
  // `url` as libpq takes it: postgresql://user:password@host:port/database?parameter=value. A history or ping that
  // takes longer than `call_limit` fails as "unavailable", and so does a commit (see CommitLimit).
  PostgresStore(std::string url, PartitionSpan partition_span,
                std::chrono::milliseconds call_limit = std::chrono::seconds(3), NewerThan newer_than = NewerThan{},
                Demands demands = {})
      : url_(std::move(url)),
        demands_(demands),
        partition_span_(partition_span),
        call_limit_(call_limit),
        newer_than_(newer_than),
        commit_limit_(call_limit),
        ownership_(url_, call_limit, watchdog_, abandoned_, epoch_, demands_) {}

  StoreResult<std::unique_ptr<Session>> open() override;            // session.cpp
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;  // migration_target.cpp
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;      // key_store.cpp
  Ownership& ownership() override { return ownership_; }
  std::string_view name() const override { return "postgresql"; }

 private:
  std::string url_;
  Demands demands_;
  PartitionSpan partition_span_;
  std::chrono::milliseconds call_limit_;
  NewerThan newer_than_;
  Watchdog watchdog_;
  AbandonedBackends abandoned_;
  CommitLimit commit_limit_;
  OwnerEpoch epoch_;
  DatabaseOwnership ownership_;
  std::atomic<std::uint64_t> partition_changes_{0};
};

// The schema of the database at `url`, for a Migrator. Throws SqlError and UnfitServer, as Connection does.
std::unique_ptr<MigrationTarget> migration_target(const std::string& url, Demands demands);

}  // namespace ubiety::postgres
