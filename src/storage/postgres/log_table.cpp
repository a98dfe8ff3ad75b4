#include "storage/postgres/log_table.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

// The row of store_owner stays locked until the stream is committed, so a new owner, which raises the epoch first, sees
// the stream and closes it.
constexpr const char* insert_stream = R"sql(
  INSERT INTO node_stream (id, open)
  SELECT $1::bigint, true FROM store_owner WHERE epoch = $2 FOR SHARE
  ON CONFLICT (id) DO UPDATE SET open = node_stream.open
  RETURNING open)sql";

// A new owner that closes the stream waits for the lock on its row, and with it for the commit.
constexpr const char* append_to_open_stream = R"sql(
  INSERT INTO update_log (stream, sequence, newest_received, )sql" UBIETY_LOG_COLUMNS R"sql()
  SELECT $1::bigint, $2::bigint, $3::timestamptz, $4::text, $5::timestamptz[], $6::smallint[], $7::smallint[],
         $8::boolean[], $9::timestamptz[]
  FROM node_stream WHERE id = $1::bigint AND open FOR SHARE)sql";

// Waits for appends to these streams that are under way. Each row is changed, so that the COMMIT waits for the
// synchronous standby: a row of the log that is visible already may not be there yet.
constexpr const char* lock_or_insert_streams = R"sql(
  INSERT INTO node_stream (id, open)
  SELECT id, true FROM unnest($1::bigint[]) AS wanted (id), store_owner WHERE epoch = $2 FOR SHARE OF store_owner
  ON CONFLICT (id) DO UPDATE SET open = node_stream.open
  RETURNING id, trimmed)sql";

// A damaged row of the log does not hold up others.
constexpr const char* begin_by_index = "BEGIN; SET LOCAL enable_seqscan = off";
constexpr const char* find_rows = R"sql(
  SELECT stream, sequence
  FROM update_log JOIN unnest($1::bigint[], $2::bigint[]) AS wanted (stream, sequence) USING (stream, sequence))sql";

constexpr const char* copy_log_in = R"sql(
  COPY update_log (stream, sequence, newest_received, )sql" UBIETY_LOG_COLUMNS R"sql()
  FROM STDIN (FORMAT binary))sql";

// Waits for an append to the stream that is under way. The lock makes the COMMIT wait for the synchronous standby, and
// so for a row that is visible already and not on the standby yet.
constexpr const char* lock_stream = "SELECT open, trimmed FROM node_stream WHERE id = $1 FOR UPDATE";

constexpr const char* select_last = "SELECT coalesce(max(sequence), 0) FROM update_log WHERE stream = $1";

constexpr const char* select_streams_with_rows = R"sql(
  SELECT id, trimmed FROM node_stream WHERE EXISTS (SELECT FROM update_log WHERE stream = id))sql";

constexpr const char* select_trimmed =
    "SELECT id, trimmed FROM node_stream WHERE id = ANY ($1::bigint[]) AND trimmed > 0";

// For a log with damaged rows: none of them is touched, not even to see whether it is there.
constexpr const char* select_streams = "SELECT id, trimmed FROM node_stream WHERE id = ANY ($1::bigint[])";
constexpr const char* only_by_index = "SET LOCAL enable_seqscan = off";
constexpr const char* by_any_plan = "SET LOCAL enable_seqscan TO DEFAULT";

constexpr const char* delete_rows = "DELETE FROM update_log WHERE stream = $1 AND sequence > $2 AND sequence <= $3";

constexpr const char* raise_trimmed = "UPDATE node_stream SET trimmed = $3 WHERE id = $1 AND trimmed = $2";

std::string joined_ids(const UpdateList& updates) {
  std::string ids;
  for (const auto* update : updates) {
    if (update != updates.front()) ids += '\n';
    ids += update->device_id;
  }
  return ids;
}

Timestamp newest_received(const UpdateList& updates) {
  auto newest = updates.empty() ? Timestamp{} : updates.front()->status.received;
  for (const auto* update : updates) newest = std::max(newest, update->status.received);
  return newest;
}

// The values of UBIETY_LOG_COLUMNS.
std::array<Parameter, 6> columns_of(const UpdateList& updates) {
  using Update = const StatusUpdate*;
  return {
      Parameter(oid::text, joined_ids(updates)),
      array_parameter(oid::timestamptz_array, oid::timestamptz, updates,
                      [](Update update) { return update->status.timestamp; }),
      array_parameter(oid::smallint_array, oid::smallint, updates,
                      [](Update update) { return std::int16_t{update->status.battery_level}; }),
      array_parameter(oid::smallint_array, oid::smallint, updates, [](Update update) { return update->status.rssi; }),
      array_parameter(oid::boolean_array, oid::boolean, updates,
                      [](Update update) { return static_cast<std::int8_t>(update->status.online); }),
      array_parameter(oid::timestamptz_array, oid::timestamptz, updates,
                      [](Update update) { return update->status.received; })};
}

void append_row(std::string& copy, const log::Row& row) {
  const auto updates = row.pointers();
  const auto columns = columns_of(updates);
  append_big_endian(copy, static_cast<std::int16_t>(3 + columns.size()));
  append_field(copy, row.position.stream);
  append_field(copy, row.position.sequence);
  append_field(copy, newest_received(updates));
  for (const auto& column : columns)
    append_field(copy, std::string_view(column.value(), static_cast<std::size_t>(column.size())));
}

std::vector<std::int64_t> streams_of(const log::Positions& positions) {
  std::vector<std::int64_t> streams;
  for (const auto& [stream, sequence] : positions) streams.push_back(stream);
  return streams;
}

std::string array_text(const std::vector<std::int64_t>& numbers) {
  std::string text = "{";
  for (const auto number : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(number);
  return text + "}";
}

}  // namespace

bool LogTable::open_stream(log::StreamId stream, std::int64_t epoch) {
  // 0 is the epoch of a database that had no owner yet.
  const auto rows = connection_.query(insert_stream, {stream, epoch == 0 ? -1 : epoch});
  if (rows.empty()) throw SqlError("", "this process does not own the store");
  return rows[0].boolean(0);
}

bool LogTable::append(log::Position position, const UpdateList& updates) {
  auto [ids, timestamps, battery_levels, rssis, onlines, created_ats] = columns_of(updates);
  return connection_
             .query_often(append_to_open_stream, {position.stream, position.sequence, newest_received(updates),
                                                  std::move(ids), std::move(timestamps), std::move(battery_levels),
                                                  std::move(rssis), std::move(onlines), std::move(created_ats)})
             .affected() == 1;
}

// Two statements, because the snapshot of the second has to be taken behind the lock.
std::optional<std::int64_t> LogTable::last_appended(log::StreamId stream) {
  Transaction transaction(connection_);
  const auto streams = connection_.query(lock_stream, {stream});
  std::optional<std::int64_t> last;
  if (!streams.empty() && streams[0].boolean(0))
    last = std::max(streams[0].number(1), connection_.query(select_last, {stream})[0].number(0));
  transaction.commit();
  return last;
}

// The snapshot of find_rows has to be taken behind the locks.
void LogTable::append_once(const std::vector<log::Row>& rows, std::int64_t epoch) {
  std::set<std::int64_t> ids;
  std::vector<std::int64_t> streams, sequences;
  for (const auto& [position, updates] : rows) {
    ids.insert(position.stream);
    streams.push_back(position.stream);
    sequences.push_back(position.sequence);
  }
  Transaction transaction(connection_, begin_by_index);
  const auto locked =
      connection_.query(lock_or_insert_streams, {array_text({ids.begin(), ids.end()}), epoch == 0 ? -1 : epoch});
  if (static_cast<std::size_t>(locked.size()) != ids.size()) throw SqlError("", "this process does not own the store");
  log::Positions merged;
  for (const auto row : locked) merged.raise_to({row.number(0), row.number(1)});
  std::set<log::Position> found;
  for (const auto row : connection_.query(find_rows, {array_text(streams), array_text(sequences)}))
    found.insert({row.number(0), row.number(1)});
  std::string copy;
  std::size_t missing = 0;
  append_header(copy);
  for (const auto& row : rows) {
    if (merged.has(row.position) || found.contains(row.position)) continue;
    append_row(copy, row);
    ++missing;
  }
  append_trailer(copy);
  if (missing > 0 && connection_.copy_in(copy_log_in, copy) != missing)
    throw SqlError("", "the log did not take all rows of a COPY");
  transaction.commit();
}

log::Positions LogTable::merged(const log::Positions& of) {
  log::Positions merged;
  for (const auto row : connection_.query(select_trimmed, {array_text(streams_of(of))}))
    merged.raise_to({row.number(0), row.number(1)});
  return merged;
}

log::Positions LogTable::remove(const log::Positions& through, const UnreadableRows& unreadable) {
  log::Positions removed;
  trimmed_before_ = {};
  const bool has_damaged = unreadable.has_damaged();
  if (has_damaged) connection_.run(only_by_index);
  const auto streams = has_damaged ? connection_.query(select_streams, {array_text(streams_of(through))})
                                   : connection_.query(select_streams_with_rows);
  for (const auto row : streams) {
    const auto stream = row.number(0), trimmed = row.number(1), last = through.of(stream);
    if (last <= trimmed) continue;
    const auto absent = unreadable.between(stream, trimmed, last);
    const auto deleted = remove_between({stream, trimmed}, last, absent.damaged);
    if (deleted != last - trimmed - absent.count)
      throw SqlError("", "the log has " + std::to_string(deleted) + " rows to merge instead of " +
                             std::to_string(last - trimmed - absent.count) + ": another process changed it");
    trimmed_before_.raise_to({stream, trimmed});
    removed.raise_to({stream, last});
  }
  if (has_damaged) connection_.run(by_any_plan);
  return removed;
}

// Returns how many it deleted.
std::int64_t LogTable::remove_between(log::Position after, std::int64_t through,
                                      const std::vector<std::int64_t>& except) {
  std::size_t deleted = 0;
  const auto remove = [&](std::int64_t last) {
    if (last > after.sequence)
      deleted += connection_.query(delete_rows, {after.stream, after.sequence, last}).affected();
  };
  for (const auto sequence : except) {
    remove(sequence - 1);
    after.sequence = sequence;
  }
  remove(through);
  return static_cast<std::int64_t>(deleted);
}

void LogTable::set_trimmed(const log::Positions& trimmed) {
  for (const auto& [stream, sequence] : trimmed)
    if (connection_.query(raise_trimmed, {stream, trimmed_before_.of(stream), sequence}).affected() != 1)
      throw SqlError("", "another process merged the log");
}

}  // namespace ubiety::postgres
