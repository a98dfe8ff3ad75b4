// One connection to PostgreSQL. See storage/store.hpp for what each call promises.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

#include "storage/postgres/abandoned_backends.hpp"
#include "storage/postgres/commit_limit.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/history_reader.hpp"
#include "storage/postgres/limited.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/store.hpp"
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
  // Returns when all of `abandoned` are gone. What is referred to outlives the session. Throws SqlError and
  // UnfitServer.
  PostgresSession(const std::string& url, SessionOptions options, Watchdog& watchdog, AbandonedBackends& abandoned,
                  const OwnerEpoch& epoch, CommitLimit& commit_limit, std::atomic<std::uint64_t>& partition_changes)
      : connection_(url, &watchdog, options.demands),
        options_(options),
        abandoned_(abandoned),
        epoch_(epoch),
        commit_limit_(commit_limit),
        partition_changes_(partition_changes) {
    const CallLimit limit(*connection_.socket(), housekeeping_limit);
    abandoned_.end_all(connection_);
  }

  StoreResult<Committed> commit(const WriteBatch& batch) override;
  StoreResult<HistoryPage> history(const HistoryQuery& query) override;
  StoreResult<Recovered> load_latest(const StatusSink& sink) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override;
  StoreResult<Done> set_watermark(Timestamp watermark) override;
  StoreResult<Done> keep_house(Timestamp now) override;
  StoreResult<Expired> expire(Timestamp expired_before) override;
  StoreResult<std::string> identity() override;
  StoreResult<Done> ping() override;

 private:
  // Of what may wait for locks, which have limits of their own.
  static constexpr std::chrono::seconds housekeeping_limit{30};

  // See limited.hpp.
  template <class Action>
  auto limited(std::chrono::milliseconds limit, Action action) {
    return postgres::limited(connection_, limit, std::move(action));
  }

  // To be called before every write. Throws SqlError when this process is not the owner.
  void expect_admitted();
  Committed write(const WriteBatch& batch);
  // The fast lane: nothing of the batch is there yet. False when something was, and nothing is committed.
  bool insert(const UpdateList& updates);
  // Both lanes in one transaction. False when a row of the fast lane was there, and nothing is committed.
  bool insert_and_merge(const WriteBatch& batch);
  // The lane for whatever may be there already.
  void merge(const UpdateList& updates);
  void stage_and_merge(const UpdateList& updates);
  // Neither belongs into a transaction that may be taken back.
  void make_staging();
  // Unless that would have to wait for a lock.
  void make(const Partition& partition);
  // Whether it dropped one. False too when the role may not, which it notes.
  bool drop_expired_partition(Timestamp expired_before);
  Expired delete_expired(Timestamp expired_before);

  Connection connection_;
  const SessionOptions options_;
  AbandonedBackends& abandoned_;
  const OwnerEpoch& epoch_;
  CommitLimit& commit_limit_;
  std::atomic<std::uint64_t>& partition_changes_;  // see HistoryReader
  HistoryReader history_reader_{connection_, partition_changes_};
  bool admitted_ = false;        // see OwnerEpoch
  std::string expiring_device_;  // at which the next piece of an expiry begins
  bool may_drop_ = true;         // partitions, as far as is known
  bool staging_ready_ = false, latest_staging_ready_ = false;
  std::string rows_;  // lent to the encoder, for its capacity
};

}  // namespace ubiety::postgres
