// A device's segments for one page, from one snapshot of the database. It reads more segments only when the page turns
// out to need them: until then next() returns the time up to which the next segment may last. One thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "storage/log/history.hpp"
#include "storage/postgres/history_statements.hpp"

namespace ubiety::postgres {

// The times at which the partitions begin, newest first. Partition 0 is the newest, with all that is later; the last
// one, behind the oldest partition, is the time before. What is in none lies in the default partition.
class PartitionTimes {
 public:
  PartitionTimes() = default;
  explicit PartitionTimes(std::vector<Timestamp> newest_first) : begins_(std::move(newest_first)) {}
  bool operator==(const PartitionTimes&) const = default;

  // The partition of this time.
  std::size_t at(Timestamp time) const;
  // From partition `first` on, `count` older ones together.
  TimeSpan span(std::size_t first, std::size_t count) const;

  // Partitions are read in groups, so that not each page has statements of its own: few of the newest, then more.
  struct Group {
    std::size_t first, count;
    std::size_t end() const { return first + count; }
  };
  static Group group_of(std::size_t partition);
  TimeSpan span(Group group) const { return span(group.first, group.count); }

 private:
  std::vector<Timestamp> begins_;
};

class HistorySnapshot final : public log::SegmentReader {
 public:
  // What a reader has and learns.
  struct Context {
    HistoryStatements statements;
    PartitionTimes partitions{};
    double records_in_segment = 32;  // of late, for the number of segments that a page needs
  };

  // Whether one statement can make this page: it begins in one of the newest partitions.
  static bool can_be_one_statement(const Context& context, const HistoryQuery& query);

  // All references outlive it. One statement needs no transaction, but may be too little: see is_incomplete(). Else it
  // runs statements as the page needs them, in a transaction with one snapshot.
  enum class Reads { one_statement, on_demand };
  HistorySnapshot(Context& context, const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                  Reads reads);

  // The page needed more than the one statement returned: make it again on demand.
  bool is_incomplete() const { return is_incomplete_; }

  bool has_merged(log::Position position) override;
  std::optional<Timestamp> next() override;
  std::vector<Status> records() override;
  std::uint64_t count() override;
  std::vector<Status> records_at(std::span<const Timestamp> times) override;

 private:
  struct Segment {
    Timestamp last_timestamp;
    std::int32_t merge;
    SegmentRow row;
  };

  void read_page();
  std::optional<TimeSpan> span_to_count() const;
  std::size_t segments_for_page() const;
  // Reads the next segments. Returns false behind the last one.
  bool fetch();
  void take_segment(const SegmentRow& row) { segments_.push_back({row.last_timestamp(), row.merge(), row}); }
  // The segments are those of a statement for limit_ segments of this span.
  void took_all_of(const TimeSpan& span);

  Context& context_;
  const HistoryQuery& query_;
  const std::vector<log::UnmergedRecord>& unmerged_;
  const Reads reads_;
  bool is_incomplete_ = false;

  std::optional<log::Positions> trimmed_;
  std::uint64_t count_ = 0;

  PartitionTimes::Group group_;       // that is read next,
  HistoryStatements::Behind behind_;  // behind this segment
  std::size_t limit_ = 0;
  std::optional<Rows> rows_;
  std::vector<Segment> segments_;  // in rows_, newest first
  std::size_t next_ = 0;
  Timestamp lasts_until_ = latest_timestamp;
  bool is_at_end_ = false;
};

}  // namespace ubiety::postgres
