#include "storage/postgres/log_table.hpp"

#include <algorithm>
#include <optional>
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
  INSERT INTO update_log (stream, sequence, newest_received, device_ids, timestamps, battery_levels, rssis, onlines,
                          created_ats)
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

constexpr const char* find_rows = R"sql(
  SELECT stream, sequence
  FROM update_log JOIN unnest($1::bigint[], $2::bigint[]) AS wanted (stream, sequence) USING (stream, sequence))sql";

constexpr const char* copy_log_in = R"sql(
  COPY update_log (stream, sequence, newest_received, device_ids, timestamps, battery_levels, rssis, onlines,
                   created_ats)
  FROM STDIN (FORMAT binary))sql";
constexpr std::int16_t columns_of_copy = 9;

// Waits for an append to the stream that is under way. The lock makes the COMMIT wait for the synchronous standby, and
// so for a row that is visible already and not on the standby yet.
constexpr const char* lock_stream = "SELECT open, trimmed FROM node_stream WHERE id = $1 FOR UPDATE";

constexpr const char* select_last = "SELECT coalesce(max(sequence), 0) FROM update_log WHERE stream = $1";

constexpr const char* select_streams_with_rows = R"sql(
  SELECT id, trimmed FROM node_stream WHERE EXISTS (SELECT FROM update_log WHERE stream = id))sql";

constexpr const char* select_trimmed =
    "SELECT id, trimmed FROM node_stream WHERE id = ANY ($1::bigint[]) AND trimmed > 0";

constexpr const char* copy_log_out = R"sql(
  COPY (SELECT stream, sequence, device_ids, timestamps, battery_levels, rssis, onlines, created_ats
        FROM update_log ORDER BY stream, sequence)
  TO STDOUT (FORMAT binary))sql";
constexpr std::int16_t columns_of_log = 8;

constexpr const char* delete_rows = R"sql(
  DELETE FROM update_log WHERE stream = $1 AND sequence > $2 AND sequence <= $3 AND sequence <> ALL ($4::bigint[]))sql";

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

void append_row(std::string& copy, log::Position position, const UpdateList& updates) {
  using Update = const StatusUpdate*;
  append_big_endian(copy, columns_of_copy);
  append_field(copy, position.stream);
  append_field(copy, position.sequence);
  append_field(copy, newest_received(updates));
  append_field(copy, std::string_view(joined_ids(updates)));
  append_array_field(copy, oid::timestamptz, updates, [](Update update) { return update->status.timestamp; });
  append_array_field(copy, oid::smallint, updates,
                     [](Update update) { return std::int16_t{update->status.battery_level}; });
  append_array_field(copy, oid::smallint, updates, [](Update update) { return update->status.rssi; });
  append_array_field(copy, oid::boolean, updates,
                     [](Update update) { return static_cast<std::int8_t>(update->status.online); });
  append_array_field(copy, oid::timestamptz, updates, [](Update update) { return update->status.received; });
}

std::vector<std::string_view> split_ids(std::string_view ids) {
  std::vector<std::string_view> split;
  for (;;) {
    const auto end = ids.find('\n');
    split.push_back(ids.substr(0, end));
    if (end == std::string_view::npos) return split;
    ids.remove_prefix(end + 1);
  }
}

// Reads device_ids and the arrays. Throws BadRow.
std::vector<StatusUpdate> read_updates(FieldReader& row) {
  const auto ids_text = row.field();
  const auto timestamps = array_in<std::int64_t>(row.field(), oid::timestamptz);
  const auto battery_levels = array_in<std::int16_t>(row.field(), oid::smallint);
  const auto rssis = array_in<std::int16_t>(row.field(), oid::smallint);
  const auto onlines = array_in<std::int8_t>(row.field(), oid::boolean);
  const auto created_ats = array_in<std::int64_t>(row.field(), oid::timestamptz);
  const auto ids = ids_text.empty() ? std::vector<std::string_view>() : split_ids(ids_text);
  for (const auto size : {timestamps.size(), battery_levels.size(), rssis.size(), onlines.size(), created_ats.size()})
    if (size != ids.size()) throw BadRow("its arrays differ in their sizes");
  std::vector<StatusUpdate> updates;
  updates.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (check_device_id(ids[i])) throw BadRow("a device id is not possible");
    updates.push_back({DeviceId(ids[i]), status_from(from_postgres(timestamps[i]), from_postgres(created_ats[i]),
                                                     battery_levels[i], rssis[i], onlines[i] != 0)});
  }
  return updates;
}

std::string array_text(const std::vector<std::int64_t>& numbers) {
  std::string text = "{";
  for (const auto number : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(number);
  return text + "}";
}

}  // namespace

void UnreadableRows::clear() {
  const MutexLock lock(mutex_);
  rows_.clear();
}

void UnreadableRows::add_damaged(log::Position position) {
  const MutexLock lock(mutex_);
  rows_[position.stream].damaged.insert(position.sequence);
}

void UnreadableRows::add_missing(log::Position last, std::int64_t count) {
  const MutexLock lock(mutex_);
  rows_[last.stream].missing[last.sequence] = count;
}

UnreadableRows::Absent UnreadableRows::between(log::StreamId stream, std::int64_t after, std::int64_t through) const {
  const MutexLock lock(mutex_);
  const auto found = rows_.find(stream);
  if (found == rows_.end()) return {};
  const auto& [damaged, missing] = found->second;
  Absent absent;
  absent.damaged.assign(damaged.upper_bound(after), damaged.upper_bound(through));
  absent.count = static_cast<std::int64_t>(absent.damaged.size());
  for (auto gap = missing.upper_bound(after); gap != missing.end() && gap->first <= through; ++gap)
    absent.count += gap->second;
  return absent;
}

bool LogTable::open_stream(log::StreamId stream, std::int64_t epoch) {
  // 0 is the epoch of a database that had no owner yet.
  const auto rows = connection_.query(insert_stream, {stream, epoch == 0 ? -1 : epoch});
  if (rows.empty()) throw SqlError("", "this process does not own the store");
  return rows[0].boolean(0);
}

bool LogTable::append(log::Position position, const UpdateList& updates) {
  using Update = const StatusUpdate*;
  return connection_
             .query_often(
                 append_to_open_stream,
                 {position.stream, position.sequence, newest_received(updates),
                  Parameter(oid::text, joined_ids(updates)),
                  array_parameter(oid::timestamptz_array, oid::timestamptz, updates,
                                  [](Update update) { return update->status.timestamp; }),
                  array_parameter(oid::smallint_array, oid::smallint, updates,
                                  [](Update update) { return std::int16_t{update->status.battery_level}; }),
                  array_parameter(oid::smallint_array, oid::smallint, updates,
                                  [](Update update) { return update->status.rssi; }),
                  array_parameter(oid::boolean_array, oid::boolean, updates,
                                  [](Update update) { return static_cast<std::int8_t>(update->status.online); }),
                  array_parameter(oid::timestamptz_array, oid::timestamptz, updates,
                                  [](Update update) { return update->status.received; })})
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
  Transaction transaction(connection_);
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
    append_row(copy, row.position, row.pointers());
    ++missing;
  }
  append_trailer(copy);
  if (missing > 0 && connection_.copy_in(copy_log_in, copy) != missing)
    throw SqlError("", "the log did not take all rows of a COPY");
  transaction.commit();
}

void LogTable::load(LoadSink& sink, UnreadableRows& unreadable) {
  unreadable.clear();
  log::Positions last;
  for (const auto row : connection_.query(select_streams_with_rows)) last.raise_to({row.number(0), row.number(1)});
  const auto trimmed = last;
  CopyReader reader;
  connection_.copy_out(copy_log_out, [&](std::string_view piece) {
    auto row = reader.read(piece, columns_of_log);
    if (!row) return;
    log::Position position;
    position.stream = number_in<std::int64_t>(row->field());
    position.sequence = number_in<std::int64_t>(row->field());
    const auto missing = position.sequence - last.of(position.stream) - 1;
    if (missing > 0) unreadable.add_missing({position.stream, position.sequence - 1}, missing);
    last.raise_to(position);
    try {
      if (trimmed.has(position)) throw BadRow("a merge set it aside");
      sink.take_row({position, read_updates(*row)});
    } catch (const BadRow& error) {
      unreadable.add_damaged(position);
      sink.note_damage(position, error.what());
    }
  });
}

log::Positions LogTable::merged(const log::Positions& of) {
  std::vector<std::int64_t> streams;
  for (const auto& [stream, sequence] : of) streams.push_back(stream);
  log::Positions merged;
  for (const auto row : connection_.query(select_trimmed, {array_text(streams)}))
    merged.raise_to({row.number(0), row.number(1)});
  return merged;
}

log::Positions LogTable::remove(const log::Positions& through, const UnreadableRows& unreadable) {
  log::Positions removed;
  trimmed_before_ = {};
  for (const auto row : connection_.query(select_streams_with_rows)) {
    const auto stream = row.number(0), trimmed = row.number(1), last = through.of(stream);
    if (last <= trimmed) continue;
    const auto absent = unreadable.between(stream, trimmed, last);
    const auto deleted = connection_.query(delete_rows, {stream, trimmed, last, array_text(absent.damaged)}).affected();
    if (static_cast<std::int64_t>(deleted) != last - trimmed - absent.count)
      throw SqlError("", "the log has " + std::to_string(deleted) + " rows to merge instead of " +
                             std::to_string(last - trimmed - absent.count) + ": another process changed it");
    trimmed_before_.raise_to({stream, trimmed});
    removed.raise_to({stream, last});
  }
  return removed;
}

void LogTable::set_trimmed(const log::Positions& trimmed) {
  for (const auto& [stream, sequence] : trimmed)
    if (connection_.query(raise_trimmed, {stream, trimmed_before_.of(stream), sequence}).affected() != 1)
      throw SqlError("", "another process merged the log");
}

}  // namespace ubiety::postgres
