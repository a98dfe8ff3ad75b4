// One connection to the embedded store. See storage/store.hpp for what each call promises.
#pragma once

#include <optional>
#include <string>

#include "storage/sqlite/connection.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

class SqliteSession final : public Session {
 public:
  // Throws Error.
  explicit SqliteSession(const std::string& path) : database_(connect(path)) {}

  StoreResult<Committed> commit(const WriteBatch& batch) override;
  StoreResult<HistoryPage> history(const HistoryQuery& query) override;
  StoreResult<Recovered> load_latest(const StatusSink& sink) override;
  StoreResult<Done> read_all(const StatusSink& sink) override;
  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override;
  StoreResult<Done> advance_watermark(Timestamp watermark) override;
  StoreResult<Done> keep_house(Timestamp) override { return Done{}; }
  StoreResult<bool> expire(Timestamp expired_before) override;
  StoreResult<Done> ping() override;

 private:
  // Whether none of them was there.
  bool insert(const UpdateList& updates);
  void merge(const UpdateList& updates);
  // Prepared at the first use: before the first migration there are no tables.
  Statement& prepared(std::optional<Statement>& statement, std::string_view sql);

  Database database_;
  std::optional<Statement> insert_, merge_, records_, count_, put_latest_;
};

}  // namespace ubiety::sqlite
