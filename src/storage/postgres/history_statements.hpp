// The statements that read a device's history. Each is for a span of time, which stands in its text: so PostgreSQL
// opens only the partitions of that span, newest first and as far as needed. With the span as a parameter, each
// execution would lock and look at all partitions: 26 pages a second with 365 of them. One thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/log/history.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// Of the last timestamps of segments. Without an end it is unbounded there.
struct TimeSpan {
  std::optional<Timestamp> from;    // inclusive
  std::optional<Timestamp> before;  // exclusive
  auto operator<=>(const TimeSpan&) const = default;
};

// All calls throw SqlError.
class HistoryStatements {
 public:
  // The connection outlives it.
  explicit HistoryStatements(Connection& connection) : connection_(connection) {}

  // Forgets the statements of all spans.
  void begin_again();

  // The newest segments in the span that may have a record of the page, at most `most_segments`, from one look at the
  // store. Rows of three kinds, see PageRow. Segments are sent as long as the page may need their records, and of each
  // only the newest that the page may need. `counted`: where the records that match the query are counted, if at all.
  Rows page(const HistoryQuery& query, const TimeSpan& span, const std::optional<TimeSpan>& counted,
            const std::vector<log::UnmergedRecord>& unmerged, std::size_t most_segments);

  // The segment behind which segments() goes on; at first there is none.
  struct Behind {
    std::optional<Timestamp> last_timestamp{};
    std::int32_t merge = 0;
  };
  // The next segments in the span that may have a record of the page, whole. Columns: those of a segment.
  Rows segments(const HistoryQuery& query, const TimeSpan& span, const Behind& behind, std::size_t most_segments);

  // The number of records that match the query, in the span.
  std::uint64_t count(const HistoryQuery& query, const TimeSpan& span);

  // The segments in the span that begin no later than one of `times` and end no earlier. `times`: sorted, at least one.
  // Columns: UBIETY_SEGMENT_COLUMNS.
  Rows around(const DeviceId& device_id, const TimeSpan& span, std::span<const Timestamp> times);

  // How far the streams of the updates are merged: id and sequence, as text.
  Rows trimmed(const std::vector<log::UnmergedRecord>& unmerged);

 private:
  enum class Kind : std::uint8_t { page, segments, count, around };
  struct Key {
    Kind kind;
    TimeSpan span;
    std::optional<TimeSpan> counted;
    bool asks_for_trimmed;
    auto operator<=>(const Key&) const = default;
  };

  // Prepares the statement when it is used first. Returns its name.
  const std::string& prepared(const Key& key);
  static std::string sql_of(const Key& key);

  Connection& connection_;
  std::map<Key, std::string> names_;
};

// A row of segments(), or of page() with its two columns more.
class SegmentRow {
 public:
  SegmentRow(const Row& row, int first_column) : row_(row), first_(first_column) {}

  Timestamp last_timestamp() const;
  std::int32_t merge() const;
  // False for a segment of which page() sent no records, because newer ones have as many as the page needs.
  bool has_records() const;
  std::vector<Status> records() const;

 private:
  Row row_;
  int first_;
};

// A row of page().
class PageRow {
 public:
  explicit PageRow(const Row& row) : row_(row) {}

  bool is_segment() const { return !row_.is_null(first_column_of_segment); }
  bool is_trimmed() const { return !row_.is_null(1); }
  log::Position trimmed() const;  // of a stream
  std::uint64_t count() const;    // of records

  static constexpr int first_column_of_segment = 2;

 private:
  Row row_;
};

}  // namespace ubiety::postgres
