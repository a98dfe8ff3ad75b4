#include "storage/postgres/log_load.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* select_streams_with_rows = R"sql(
  SELECT id, trimmed FROM node_stream WHERE EXISTS (SELECT FROM update_log WHERE stream = id))sql";

constexpr const char* copy_log_out = R"sql(
  COPY (SELECT stream, sequence, )sql" UBIETY_LOG_COLUMNS R"sql(
        FROM update_log ORDER BY stream, sequence)
  TO STDOUT (FORMAT binary))sql";
constexpr std::int16_t columns_of_log = 8;

constexpr const char* select_streams = "SELECT id, trimmed FROM node_stream ORDER BY id";

// By the index, so that only rows with these keys are touched.
constexpr const char* only_by_index =
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off";
constexpr const char* open_cursor = R"sql(
  DECLARE rows_of_log NO SCROLL CURSOR FOR
  SELECT stream, sequence, )sql" UBIETY_LOG_COLUMNS R"sql(
  FROM update_log WHERE stream = $1 AND sequence > $2 AND sequence <= $3 ORDER BY sequence)sql";
constexpr const char* fetch_rows = "FETCH FORWARD 100 FROM rows_of_log";
constexpr const char* close_cursor = "CLOSE rows_of_log";

constexpr std::size_t max_damaged_rows = 10'000;  // each takes some tenths of a millisecond

using Columns = std::array<std::string_view, columns_of_log>;

std::vector<std::string_view> split_ids(std::string_view ids) {
  std::vector<std::string_view> split;
  for (;;) {
    const auto end = ids.find('\n');
    split.push_back(ids.substr(0, end));
    if (end == std::string_view::npos) return split;
    ids.remove_prefix(end + 1);
  }
}

log::Position position_of(const Columns& row) {
  return {number_in<std::int64_t>(row[0]), number_in<std::int64_t>(row[1])};
}

// Throws BadRow.
std::vector<StatusUpdate> updates_of(const Columns& row) {
  const auto ids = row[2].empty() ? std::vector<std::string_view>() : split_ids(row[2]);
  const auto timestamps = array_in<std::int64_t>(row[3], oid::timestamptz);
  const auto battery_levels = array_in<std::int16_t>(row[4], oid::smallint);
  const auto rssis = array_in<std::int16_t>(row[5], oid::smallint);
  const auto onlines = array_in<std::int8_t>(row[6], oid::boolean);
  const auto created_ats = array_in<std::int64_t>(row[7], oid::timestamptz);
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

class LogLoad {
 public:
  LogLoad(Connection& connection, LoadSink& sink, UnreadableRows& unreadable)
      : connection_(connection), sink_(sink), unreadable_(unreadable) {}

  void run() {
    if (const auto damage = unless_damaged(connection_, [this] { take_all(); })) take_stream_by_stream();
  }

 private:
  void take_all();
  void take_stream_by_stream();
  void take_readable(log::StreamId stream);
  void take_between(log::StreamId stream, std::int64_t& after, std::int64_t through);
  void take(const Columns& row);
  void note_place(log::Position position);
  void note_damage(log::Position position, const std::string& reason);

  Connection& connection_;
  LoadSink& sink_;
  UnreadableRows& unreadable_;
  log::Positions trimmed_;
  log::Positions taken_;   // from the database, readable or not
  log::Positions placed_;  // the same, but nothing up to `trimmed_` is missing
  std::size_t damaged_ = 0;
};

void LogLoad::take_all() {
  for (const auto row : connection_.query(select_streams_with_rows)) trimmed_.raise_to({row.number(0), row.number(1)});
  placed_ = trimmed_;
  CopyReader reader;
  connection_.copy_out(copy_log_out, [&](std::string_view piece) {
    auto fields = reader.read(piece, columns_of_log);
    if (!fields) return;
    Columns row;
    for (auto& column : row) column = fields->field();
    take(row);
  });
}

void LogLoad::take_stream_by_stream() {
  connection_.run(only_by_index);
  for (const auto row : connection_.query(select_streams)) {
    const log::Position trimmed{row.number(0), row.number(1)};
    trimmed_.raise_to(trimmed);
    placed_.raise_to(trimmed);
    take_readable(trimmed.stream);
  }
}

// Behind a damaged row it begins with a single one, and doubles their number as long as all can be read: that finds the
// damaged ones among many, and passes over gaps.
void LogLoad::take_readable(log::StreamId stream) {
  constexpr auto last = std::numeric_limits<std::int64_t>::max();
  auto after = taken_.of(stream);
  for (std::int64_t width = last; after < last;) {
    const auto through = after + std::min(width, last - after);
    const auto damage = unless_damaged(connection_, [&] { take_between(stream, after, through); });
    if (!damage) {
      after = through;
      width += std::min(width, last - width);
    } else if (through == after + 1) {
      note_damage({stream, ++after}, *damage);
      if (++damaged_ > max_damaged_rows)
        throw SqlError("",
                       "more than " + std::to_string(max_damaged_rows) + " rows of the log cannot be read: " + *damage);
    } else {
      width = 1;
    }
  }
}

// Raises `after` to what it has taken.
void LogLoad::take_between(log::StreamId stream, std::int64_t& after, std::int64_t through) {
  connection_.query(open_cursor, {stream, after, through});
  for (;;) {
    const auto rows = connection_.query_as_binary(fetch_rows, {});
    if (rows.empty()) break;
    for (const auto row : rows) {
      Columns columns;
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = row.bytes(static_cast<int>(i));
      take(columns);
    }
    after = taken_.of(stream);
  }
  connection_.run(close_cursor);
}

void LogLoad::take(const Columns& row) {
  const auto position = position_of(row);
  note_place(position);
  try {
    if (trimmed_.has(position)) throw BadRow("a merge set it aside");
    sink_.take_row({position, updates_of(row)});
  } catch (const BadRow& error) {
    unreadable_.add_damaged(position);
    sink_.note_damage(position, error.what());
  }
}

void LogLoad::note_damage(log::Position position, const std::string& reason) {
  note_place(position);
  unreadable_.add_damaged(position);
  sink_.note_damage(position, reason);
}

void LogLoad::note_place(log::Position position) {
  const auto missing = position.sequence - placed_.of(position.stream) - 1;
  if (missing > 0) unreadable_.add_missing({position.stream, position.sequence - 1}, missing);
  placed_.raise_to(position);
  taken_.raise_to(position);
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

bool UnreadableRows::has_damaged() const {
  const MutexLock lock(mutex_);
  return std::any_of(rows_.begin(), rows_.end(), [](const auto& stream) { return !stream.second.damaged.empty(); });
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

void load_log(Connection& connection, LoadSink& sink, UnreadableRows& unreadable) {
  unreadable.clear();
  LogLoad(connection, sink, unreadable).run();
}

}  // namespace ubiety::postgres
