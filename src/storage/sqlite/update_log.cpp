#include "storage/sqlite/update_log.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace ubiety::sqlite {
namespace {

// A place is the stream's number and, in the lower 40 bits, the sequence.
constexpr std::string_view select_stream = R"sql(
  SELECT number, open, trimmed, merging,
    max(trimmed, ifnull((SELECT place & 1099511627775 FROM update_log
                         WHERE place >= number << 40 AND place < (number + 1) << 40
                         ORDER BY place DESC LIMIT 1), 0))
  FROM node_stream WHERE id = ?1)sql";

constexpr std::string_view insert_stream = "INSERT INTO node_stream (id, opened_at, open) VALUES (?1, ?2, 1)";
constexpr const char* close_all_streams = "UPDATE node_stream SET open = 0 WHERE open";

constexpr std::string_view insert_row = R"sql(
  INSERT INTO update_log (place, newest_received, count, updates) VALUES ((?1 << 40) + ?2, ?3, ?4, ?5))sql";

constexpr std::string_view select_progress = "SELECT version, device_id FROM merge_progress";
constexpr std::string_view raise_version_only = R"sql(
  UPDATE merge_progress SET version = version + 1 RETURNING version)sql";
constexpr std::string_view put_device = R"sql(
  UPDATE merge_progress SET version = version + 1, device_id = ?1 RETURNING version)sql";

constexpr std::string_view put_merging = "UPDATE node_stream SET merging = ?2 WHERE number = ?1";
constexpr std::string_view select_merging = "SELECT id, merging FROM node_stream WHERE merging > 0";
constexpr const char* put_trimmed = R"sql(
  UPDATE merge_progress SET version = version + 1, device_id = NULL;
  UPDATE node_stream SET trimmed = merging, merging = 0 WHERE merging > 0;)sql";

constexpr std::string_view select_merged_rows = R"sql(
  SELECT place, id, place & 1099511627775 FROM node_stream CROSS JOIN update_log
  ON place > number << 40 AND place <= (number << 40) + trimmed)sql";
constexpr std::string_view delete_one_row = "DELETE FROM update_log WHERE place = ?1";

constexpr std::string_view select_rows = R"sql(
  SELECT id, place & 1099511627775, trimmed, merging, updates
  FROM update_log CROSS JOIN node_stream ON number = place >> 40
  ORDER BY place)sql";

constexpr std::chrono::milliseconds longest_deletion{2};
constexpr std::size_t most_rows_to_delete = 1'000;

Timestamp newest_received(const UpdateList& updates) {
  Timestamp newest{};
  for (const auto* update : updates) newest = std::max(newest, update->status.received);
  return newest;
}

std::int64_t microseconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

// Runs a statement that returns the version.
std::int64_t version_from(Statement& statement) {
  if (!statement.next()) throw Error(SQLITE_CORRUPT, "merge_progress has no row");
  const auto version = statement.integer(0);
  statement.run();
  return version;
}

}  // namespace

UpdateLog::UpdateLog(Database& database)
    : database_(database),
      find_(database, select_stream),
      open_(database, insert_stream),
      append_(database, insert_row),
      progress_(database, select_progress),
      raise_version_(database, raise_version_only),
      merge_to_(database, put_device),
      merged_rows_(database, select_merged_rows),
      delete_row_(database, delete_one_row) {}

std::optional<UpdateLog::Stream> UpdateLog::find(log::StreamId id) {
  find_->bind(1, id);
  if (!find_->next()) return std::nullopt;
  Stream stream{.number = find_->integer(0),
                .is_open = find_->integer(1) != 0,
                .last = find_->integer(4),
                .trimmed = find_->integer(2),
                .merging = find_->integer(3)};
  find_->reset();
  return stream;
}

UpdateLog::Stream UpdateLog::open_stream(log::StreamId id) {
  open_->bind(1, id).bind(2, microseconds_now()).run();
  return {.number = sqlite3_last_insert_rowid(database_.handle()), .is_open = true};
}

void UpdateLog::close_streams() { database_.execute(close_all_streams); }

void UpdateLog::append(const Stream& stream, std::int64_t sequence, const UpdateList& updates) {
  const auto bytes = log::encode_row(updates);
  append_->bind(1, stream.number)
      .bind(2, sequence)
      .bind(3, newest_received(updates).microseconds)
      .bind(4, static_cast<std::int64_t>(updates.size()))
      .bind_blob(5, bytes)
      .run();
}

UpdateLog::Progress UpdateLog::progress() {
  if (!progress_->next()) throw Error(SQLITE_CORRUPT, "merge_progress has no row");
  Progress progress{.version = progress_->integer(0)};
  if (!progress_->is_null(1)) progress.device = progress_->text(1);
  progress_->reset();
  return progress;
}

std::int64_t UpdateLog::raise_version() { return version_from(*raise_version_); }

std::int64_t UpdateLog::merge_to(std::string_view device) {
  merge_to_->bind(1, device);
  return version_from(*merge_to_);
}

log::Positions UpdateLog::merged(const log::Positions& of) {
  log::Positions merged;
  for (const auto& [id, sequence] : of)
    if (const auto stream = find(id); stream && stream->trimmed > 0) merged.raise_to({id, stream->trimmed});
  return merged;
}

void UpdateLog::begin_merge(const log::Positions& through) {
  Statement put(database_, put_merging);
  for (const auto& [id, sequence] : through) {
    const auto stream = find(id);
    if (!stream) continue;
    const auto merging = std::min(sequence, stream->last);
    if (merging > stream->trimmed) put.bind(1, stream->number).bind(2, merging).run();
  }
  merge_to("");
}

log::Positions UpdateLog::merging() {
  log::Positions positions;
  Statement streams(database_, select_merging);
  while (streams.next()) positions.raise_to({streams.integer(0), streams.integer(1)});
  return positions;
}

std::int64_t UpdateLog::end_merge() {
  database_.execute(put_trimmed);
  return progress().version;
}

bool UpdateLog::delete_merged(const SharedState& shared) {
  const auto end = std::chrono::steady_clock::now() + longest_deletion;
  std::vector<std::int64_t> places;
  while (places.size() < most_rows_to_delete && merged_rows_->next())
    if (!shared.is_damaged({merged_rows_->integer(1), merged_rows_->integer(2)}))
      places.push_back(merged_rows_->integer(0));
  merged_rows_->reset();
  for (const auto place : places) {
    delete_row_->bind(1, place).run();
    if (std::chrono::steady_clock::now() > end) return true;
  }
  return places.size() == most_rows_to_delete;
}

void UpdateLog::read(const std::function<void(log::Row&&)>& sink,
                     const std::function<void(log::Position, const std::string& reason)>& note_damage) {
  const auto merged = progress();
  Statement rows(database_, select_rows);
  while (rows.next()) {
    const log::Position position{rows.integer(0), rows.integer(1)};
    auto updates = log::decode_row(rows.blob(4));
    if (!updates) {
      note_damage(position, std::string(updates.error().reason));
      continue;
    }
    const Stream stream{.trimmed = rows.integer(2), .merging = rows.integer(3)};
    if (position.sequence <= stream.trimmed) continue;
    std::erase_if(*updates, [&](const StatusUpdate& update) {
      return merged.includes(stream, position.sequence, update.device_id);
    });
    sink({position, std::move(*updates)});
  }
}

bool UpdateLog::has(const SeenState& seen) { return progress().version >= seen.version && has_streams(seen); }

bool UpdateLog::has_streams(const SeenState& seen) {
  return std::all_of(seen.streams.begin(), seen.streams.end(), [this](const auto& one) {
    const auto& [id, state] = one;
    const auto stream = find(id);
    return stream && stream->is_open && stream->last >= state.last && stream->trimmed >= state.trimmed;
  });
}

UpdateLog::Progress UpdateLog::expect(const SeenState& seen) {
  auto found = progress();
  if (found.version >= seen.version && has_streams(seen)) return found;
  throw Error(SQLITE_CORRUPT, "the database was replaced by a copy: it has less than this process wrote to it");
}

WriteTransaction::WriteTransaction(Database& database, SharedState& shared, UpdateLog& log)
    : turn_(shared.turns_of_owner()), transaction_(database) {
  progress_ = log.expect(shared.seen());
}

}  // namespace ubiety::sqlite
