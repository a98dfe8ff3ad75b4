// One connection to the embedded store; storage/store.hpp specifies the calls. One thread.
#pragma once

#include <string>

#include "domain/status.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/logged_history.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class SqliteSession final : public Session {
 public:
  // All sessions of the store share `unmerged`. Throws Error.
  SqliteSession(const std::string& path, SharedUnmergedUpdates& unmerged, NewerThan newer_than);

  StoreResult<Committed> commit(const WriteBatch& batch) override;
  StoreResult<HistoryPage> history(const HistoryQuery& query) override;
  StoreResult<Recovered> load_latest(const StatusSink& sink) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override;
  StoreResult<Done> set_watermark(Timestamp watermark) override;
  StoreResult<Done> ensure_partitions(Timestamp) override { return Done{}; }
  StoreResult<Expired> expire(Timestamp expired_before) override;
  StoreResult<std::string> identity() override;
  StoreResult<Done> ping() override;

 private:
  const NewerThan newer_than_;
  Database database_;
  LoggedHistory history_;
  PreparedOnUse put_latest_, put_watermark_;
};

}  // namespace ubiety::sqlite
