// PostgreSQL as the store. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "domain/status.hpp"
#include "storage/key_store.hpp"
#include "storage/log/merge_plan.hpp"
#include "storage/migrations.hpp"
#include "storage/postgres/compaction.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/log_table.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// What all connections of a store share: how they connect, and the state through which they affect each other.
struct StoreContext {
  const std::string url;  // as libpq takes it: postgresql://user:password@host:port/database?parameter=value
  const PartitionSpan partition_span;
  const std::chrono::milliseconds call_limit;
  const NewerThan newer_than;
  const Demands demands;

  Watchdog watchdog{};
  AbandonedBackends abandoned{};
  CommitLimit commit_limit{call_limit};
  OwnerEpoch epoch{};
  UnreadableRows unreadable{};
  log::KnownMerges known_merges{};
  OpenDays open_days{};
  std::atomic<std::uint64_t> partition_changes{0};  // how often this process created or dropped partitions
};

class PostgresStore final : public Store {
 public:
  // A history or ping that takes longer than `call_limit` fails as "unavailable", and so does an append (see
  // CommitLimit).
  PostgresStore(std::string url, PartitionSpan partition_span,
                std::chrono::milliseconds call_limit = std::chrono::seconds(3), NewerThan newer_than = NewerThan{},
                Demands demands = {})
      : context_{std::move(url), partition_span, call_limit, newer_than, demands} {}

  StoreResult<std::unique_ptr<Session>> open() override;            // session.cpp
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;  // migration_target.cpp
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;      // key_store.cpp
  Ownership& ownership() override { return ownership_; }
  std::string_view name() const override { return "postgresql"; }

 private:
  StoreContext context_;
  DatabaseOwnership ownership_{context_};
};

// The schema of the database at `url`, for a Migrator. Throws SqlError and UnfitServer, as Connection does.
std::unique_ptr<MigrationTarget> migration_target(const std::string& url, Demands demands,
                                                  NewerThan newer_than = NewerThan{});

}  // namespace ubiety::postgres
