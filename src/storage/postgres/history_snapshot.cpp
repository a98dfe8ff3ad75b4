#include "storage/postgres/history_snapshot.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <tuple>
#include <utility>

#include "storage/log/repetitions.hpp"
#include "storage/postgres/segment_columns.hpp"

namespace ubiety::postgres {
namespace {

// Most pages need today and, soon after midnight, yesterday. Partitions are created for two days ahead.
constexpr std::size_t partitions_of_page = 2;
constexpr std::size_t partitions_in_first_group = 4, partitions_in_other_groups = 16;

constexpr std::size_t max_segments_at_a_time = 256;

// The newest timestamp that a record of the page may have.
Timestamp newest_of(const HistoryQuery& query) {
  auto newest = query.before.value_or(latest_timestamp);
  if (query.after) newest = std::min(newest, query.after->timestamp);
  if (query.known) newest = std::min(newest, query.known->newest);
  return newest;
}

// A segment lies within one day (UTC), so one that has a record of this time lasts no longer.
std::optional<Timestamp> end_of_day(Timestamp time) {
  using namespace std::chrono;
  const auto day = floor<days>(sys_time<microseconds>{microseconds{time.microseconds}});
  return Timestamp{microseconds{(day + days{1}).time_since_epoch()}.count()};
}

}  // namespace

std::size_t PartitionTimes::at(Timestamp time) const {
  return static_cast<std::size_t>(std::lower_bound(begins_.begin(), begins_.end(), time, std::greater<>()) -
                                  begins_.begin());
}

TimeSpan PartitionTimes::span(std::size_t first, std::size_t count) const {
  const auto begin_of = [this](std::size_t partition) {
    return partition < begins_.size() ? std::optional(begins_[partition]) : std::nullopt;
  };
  return {begin_of(first + count - 1), first == 0 ? std::nullopt : begin_of(first - 1)};
}

PartitionTimes::Group PartitionTimes::group_of(std::size_t partition) {
  if (partition < partitions_in_first_group) return {0, partitions_in_first_group};
  const auto in_group = (partition - partitions_in_first_group) % partitions_in_other_groups;
  return {partition - in_group, partitions_in_other_groups};
}

bool HistorySnapshot::can_be_one_statement(const Context& context, const HistoryQuery& query) {
  return context.partitions.at(newest_of(query)) < partitions_in_first_group;
}

HistorySnapshot::HistorySnapshot(Context& context, const HistoryQuery& query,
                                 const std::vector<log::UnmergedRecord>& unmerged, Reads reads)
    : context_(context),
      query_(query),
      unmerged_(unmerged),
      reads_(reads),
      group_(PartitionTimes::group_of(context.partitions.at(newest_of(query)))),
      behind_{end_of_day(newest_of(query))} {
  if (reads_ == Reads::one_statement) read_page();
}

void HistorySnapshot::read_page() {
  const auto span = context_.partitions.span(context_.partitions.at(newest_of(query_)), partitions_of_page);
  limit_ = segments_for_page();
  rows_.emplace(context_.statements.page(query_, span, span_to_count(), unmerged_, limit_));
  trimmed_.emplace();
  for (const auto row : *rows_) {
    const PageRow part(row);
    if (part.is_segment())
      take_segment({row, PageRow::first_column_of_segment});
    else if (part.is_trimmed())
      trimmed_->raise_to(part.trimmed());
    else
      count_ = part.count();
  }
  took_all_of(span);
  const auto unsent = std::find_if(segments_.begin(), segments_.end(),
                                   [](const Segment& segment) { return !segment.row.has_records(); });
  if (unsent == segments_.end()) return;
  lasts_until_ = unsent->last_timestamp;
  is_at_end_ = false;
  segments_.erase(unsent, segments_.end());
}

// The newest partitions and, group by group, as many as the query's span reaches back.
std::optional<TimeSpan> HistorySnapshot::span_to_count() const {
  if (query_.known || !query_.wants_total) return std::nullopt;
  if (!query_.since) return TimeSpan{};
  return context_.partitions.span(0, PartitionTimes::group_of(context_.partitions.at(*query_.since)).end());
}

// As many segments as the page is likely to need, and the one behind them.
std::size_t HistorySnapshot::segments_for_page() const {
  const auto likely = static_cast<double>(query_.limit) / std::max(1.0, context_.records_in_segment) + 2;
  return std::min(static_cast<std::size_t>(likely), max_segments_at_a_time);
}

bool HistorySnapshot::has_merged(log::Position position) {
  if (!trimmed_) {
    trimmed_.emplace();
    const auto rows = context_.statements.trimmed(unmerged_);
    for (const auto row : rows) trimmed_->raise_to({row.number(0), row.number(1)});
  }
  return trimmed_->has(position);
}

std::optional<Timestamp> HistorySnapshot::next() {
  if (next_ < segments_.size()) return segments_[next_].last_timestamp;
  return is_at_end_ ? std::nullopt : std::optional(lasts_until_);
}

std::vector<Status> HistorySnapshot::records() {
  if (next_ == segments_.size() && !fetch()) return {};
  auto records = segments_[next_++].row.records();
  const auto size = static_cast<double>(records.size());
  auto& average = context_.records_in_segment;
  const bool may_be_cut = reads_ == Reads::one_statement && records.size() > query_.limit;
  if (!may_be_cut || size > average) average += (size - average) / 16;
  return records;
}

bool HistorySnapshot::fetch() {
  if (reads_ == Reads::one_statement) is_incomplete_ = is_at_end_ = true;
  while (!is_at_end_) {
    limit_ = limit_ == 0 ? segments_for_page() : std::min(2 * limit_, max_segments_at_a_time);
    const auto span = context_.partitions.span(group_);
    segments_.clear();
    next_ = 0;
    rows_.emplace(context_.statements.segments(query_, span, behind_, limit_));
    for (const auto row : *rows_) take_segment({row, 0});
    took_all_of(span);
    if (segments_.size() == limit_) {
      behind_ = {segments_.back().last_timestamp, segments_.back().merge};
    } else {
      behind_ = {};
      group_ = PartitionTimes::group_of(group_.end());
    }
    if (!segments_.empty()) return true;
  }
  return false;
}

void HistorySnapshot::took_all_of(const TimeSpan& span) {
  const auto is_newer = [](const Segment& left, const Segment& right) {
    return std::tie(left.last_timestamp, left.merge) > std::tie(right.last_timestamp, right.merge);
  };
  std::sort(segments_.begin(), segments_.end(), is_newer);
  if (segments_.size() == limit_) {
    lasts_until_ = segments_.back().last_timestamp;
  } else {
    lasts_until_ = span.from.value_or(earliest_timestamp);
    is_at_end_ = !span.from || (query_.since && *span.from <= *query_.since);
  }
}

std::uint64_t HistorySnapshot::count() {
  if (reads_ == Reads::one_statement) return count_;
  std::uint64_t records = 0;
  for (auto next = context_.partitions.at(query_.before.value_or(latest_timestamp));;) {
    const auto group = PartitionTimes::group_of(next);
    const auto span = context_.partitions.span(group);
    records += context_.statements.count(query_, span);
    if (!span.from || (query_.since && *span.from <= *query_.since)) return records;
    next = group.end();
  }
}

std::vector<Status> HistorySnapshot::records_at(std::span<const Timestamp> times) {
  std::vector<Status> found;
  is_incomplete_ = reads_ == Reads::one_statement;
  if (is_incomplete_) return found;
  while (!times.empty()) {
    const auto span = context_.partitions.span(PartitionTimes::group_of(context_.partitions.at(times.back())));
    // A segment lies within one day (UTC), and a partition has whole days.
    const auto first = span.from ? std::lower_bound(times.begin(), times.end(), *span.from) : times.begin();
    const std::span in_group(first, times.end());
    const auto rows = context_.statements.around(query_.device_id, span, in_group);
    for (const auto row : rows) log::append_at(in_group, records_in(row, 0), found);
    times = times.first(times.size() - in_group.size());
  }
  return found;
}

}  // namespace ubiety::postgres
