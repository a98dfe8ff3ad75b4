// One connection to PostgreSQL; storage/store.hpp specifies the calls. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/history_reader.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/store.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

struct SessionOptions {
  Demands demands;
  PartitionSpan partition_span;
  std::chrono::milliseconds call_limit;
  NewerThan newer_than;
};

class PostgresSession final : public Session {
 public:
  // Connects, and waits until all `abandoned` backends are gone. All references outlive the session. Throws SqlError
  // and UnfitServer.
  PostgresSession(const std::string& url, SessionOptions options, Watchdog& watchdog, AbandonedBackends& abandoned,
                  const OwnerEpoch& epoch, CommitLimit& commit_limit, std::atomic<std::uint64_t>& partition_changes)
      : connection_(url, &watchdog, options.demands),
        options_(options),
        abandoned_(abandoned),
        epoch_(epoch),
        commit_limit_(commit_limit),
        history_reader_(connection_, partition_changes),
        partition_keeper_(connection_, options.partition_span, partition_changes) {
    const CallLimit limit(*connection_.socket(), housekeeping_limit);
    abandoned_.end_all(connection_);
  }

  StoreResult<Committed> commit(const WriteBatch& batch) override;
  StoreResult<HistoryPage> history(const HistoryQuery& query) override;
  StoreResult<Recovered> load_latest(const StatusSink& sink) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override;
  StoreResult<Done> set_watermark(Timestamp watermark) override;
  StoreResult<Done> ensure_partitions(Timestamp now) override;
  StoreResult<Expired> expire(Timestamp expired_before) override;
  StoreResult<std::string> identity() override;
  StoreResult<Done> ping() override;

 private:
  // For calls that may wait for locks, which have limits of their own.
  static constexpr std::chrono::seconds housekeeping_limit{30};

  // See postgres::limited.
  template <class Action>
  auto limited(std::chrono::milliseconds limit, Action action) {
    return postgres::limited(connection_, limit, std::move(action));
  }

  // Called before every write. Throws SqlError if this process is not the owner.
  void expect_admitted();
  Committed write(const WriteBatch& batch);
  // The fast lane, for updates none of which is stored yet. Returns false, and commits nothing, if one was.
  bool insert(const UpdateList& updates);
  // Both lanes in one transaction. Returns false, and commits nothing, if an update of the fast lane was stored.
  bool insert_and_merge(const WriteBatch& batch);
  // The lane for updates that may be stored already.
  void merge(const UpdateList& updates);
  void stage_and_merge(const UpdateList& updates);
  // Outside of any transaction that may be rolled back.
  void make_staging();

  Connection connection_;
  const SessionOptions options_;
  AbandonedBackends& abandoned_;
  const OwnerEpoch& epoch_;
  CommitLimit& commit_limit_;
  HistoryReader history_reader_;
  PartitionKeeper partition_keeper_;
  bool admitted_ = false;  // see OwnerEpoch
  bool staging_ready_ = false, latest_staging_ready_ = false;
  std::string rows_;  // kept for its capacity
};

}  // namespace ubiety::postgres
