#include "storage/sqlite/update_log.hpp"

#include <algorithm>

namespace ubiety::sqlite {
namespace {

constexpr std::string_view select_state = R"sql(
  SELECT identity, version, merged_through, merging_through, merging_device, merging_timestamp,
    max(merging_through, ifnull((SELECT max(id) FROM update_log), 0))
  FROM update_log_progress)sql";

constexpr std::string_view put_identity = "UPDATE update_log_progress SET identity = random() RETURNING identity";

constexpr std::string_view append_row = R"sql(
  INSERT INTO update_log (id, newest_received, fresh, settled) VALUES (?1, ?2, ?3, ?4))sql";

constexpr std::string_view put_progress = R"sql(
  UPDATE update_log_progress
  SET version = ?1, merged_through = ?2, merging_through = ?3, merging_device = ?4, merging_timestamp = ?5)sql";

constexpr std::string_view select_rows_after = R"sql(
  SELECT id, fresh, settled FROM update_log WHERE id > ?1 ORDER BY id)sql";

constexpr std::string_view select_received_since = R"sql(
  SELECT fresh, settled FROM update_log WHERE newest_received >= ?1 ORDER BY id)sql";

constexpr std::string_view trim_rows = R"sql(
  DELETE FROM update_log WHERE id IN (
    SELECT id FROM update_log
    WHERE id <= (SELECT merged_through FROM update_log_progress) AND newest_received < ?1
    LIMIT ?2))sql";

constexpr std::int64_t rows_to_trim = 1'000;

Timestamp newest_received(const UpdateList& fresh, const UpdateList& settled) {
  Timestamp newest{};
  for (const auto* list : {&fresh, &settled})
    for (const auto* update : *list) newest = std::max(newest, update->status.received);
  return newest;
}

}  // namespace

UpdateLog::UpdateLog(Database& database)
    : database_(database),
      state_(database, select_state),
      append_(database, append_row),
      put_progress_(database, put_progress),
      rows_after_(database, select_rows_after),
      received_since_(database, select_received_since),
      trim_(database, trim_rows) {}

UpdateLog::State UpdateLog::state() {
  if (!state_->next()) throw Error(SQLITE_CORRUPT, "update_log_progress has no row");
  State state{{.log_identity = state_->integer(0),
               .version = state_->integer(1),
               .merged_through = state_->integer(2),
               .merging_through = state_->integer(3),
               .merging_device = DeviceId(state_->text(4)),
               .merging_timestamp = {state_->integer(5)}},
              state_->integer(6)};
  state_->reset();
  return state;
}

std::int64_t UpdateLog::renew_identity() {
  Statement renew(database_, put_identity);
  if (!renew.next()) throw Error(SQLITE_CORRUPT, "update_log_progress has no row");
  return renew.integer(0);
}

void UpdateLog::append(std::int64_t row, const UpdateList& fresh, const UpdateList& settled) {
  const auto fresh_text = logged_text(fresh), settled_text = logged_text(settled);
  append_->bind(1, row)
      .bind(2, newest_received(fresh, settled).microseconds)
      .bind(3, fresh_text)
      .bind(4, settled_text)
      .run();
}

void UpdateLog::put(const MergeProgress& progress) {
  put_progress_->bind(1, progress.version)
      .bind(2, progress.merged_through)
      .bind(3, progress.merging_through)
      .bind(4, progress.merging_device)
      .bind(5, progress.merging_timestamp.microseconds)
      .run();
}

void UpdateLog::catch_up(const State& state, UnmergedUpdates& unmerged,
                         const std::function<Timestamp(const DeviceId&)>& newest) {
  if (unmerged.newest_row() < state.newest_row) {
    rows_after_->bind(1, std::max(unmerged.newest_row(), state.progress.merged_through));
    while (rows_after_->next()) {
      const auto row = rows_after_->integer(0);
      reader_.read(rows_after_->text(1), [&](StatusUpdate&& update) {
        if (state.progress.includes(row, update.device_id, update.status.timestamp)) return;
        unmerged.add(row, update, newest);
      });
      reader_.read(rows_after_->text(2), [&](StatusUpdate&& update) { unmerged.settle(update); });
    }
    unmerged.advance_to_row(state.newest_row);
  }
  unmerged.advance(state.progress);
}

void UpdateLog::read_received_since(Timestamp since, const StatusSink& sink) {
  const auto tell = [&](StatusUpdate&& update) {
    if (update.status.received >= since) sink(std::move(update), Origin::history);
  };
  received_since_->bind(1, since.microseconds);
  while (received_since_->next()) {
    reader_.read(received_since_->text(0), tell);
    reader_.read(received_since_->text(1), tell);
  }
}

bool UpdateLog::trim(Timestamp watermark) {
  trim_->bind(1, watermark.microseconds).bind(2, rows_to_trim).run();
  return sqlite3_changes64(database_.handle()) == rows_to_trim;
}

}  // namespace ubiety::sqlite
