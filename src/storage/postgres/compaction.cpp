#include "storage/postgres/compaction.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/log/merge_plan.hpp"
#include "storage/postgres/binary_format.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* select_open_days = R"sql(
  SELECT DISTINCT floor(extract(epoch FROM last_timestamp) / 86400)::bigint FROM device_history WHERE NOT closed)sql";

// $1 to $2 is the day; the planner prunes all other partitions. Read in the order of the index, so that a step costs
// the same however many devices the day has.
constexpr const char* select_next_segments = R"sql(
  SELECT device_id, count FROM device_history
  WHERE NOT closed AND last_timestamp >= $1 AND last_timestamp < $2 AND device_id > $3
  ORDER BY device_id LIMIT 300)sql";

// The planner might prefer to read and to sort the whole day in each step, even by several processes.
constexpr const char* only_by_index = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off";

// Appends to the log wait for what a step has written, so a step takes some thousandths of a second.
constexpr std::int64_t records_in_step = 3'000;

constexpr const char* delete_segments = R"sql(
  DELETE FROM device_history
  WHERE last_timestamp >= $1 AND last_timestamp < $2 AND device_id = ANY ($3)
  RETURNING device_id, )sql" UBIETY_SEGMENT_COLUMNS;

// The partition of open segments that is the day's, if this role may vacuum it.
constexpr const char* find_open_partition = R"sql(
  SELECT leaf.oid::regclass::text
  FROM pg_inherits AS days JOIN pg_class AS day ON day.oid = days.inhrelid
    JOIN pg_inherits AS leaves ON leaves.inhparent = day.oid JOIN pg_class AS leaf ON leaf.oid = leaves.inhrelid
  WHERE days.inhparent = 'device_history'::regclass AND pg_get_expr(leaf.relpartbound, leaf.oid) LIKE '%(false)%'
    AND pg_has_role(leaf.relowner, 'USAGE')
    AND substring(pg_get_expr(day.relpartbound, day.oid) FROM 'FROM \(''([^'']+)''\)')::timestamptz = $1
    AND substring(pg_get_expr(day.relpartbound, day.oid) FROM 'TO \(''([^'']+)''\)')::timestamptz = $2)sql";

// Locks out appends while it truncates; VACUUM stops when others wait.
constexpr const char* truncate_log = "VACUUM (SKIP_LOCKED) update_log";

constexpr const char* size_of = "SELECT pg_relation_size($1::regclass)";
constexpr const char* lock_briefly = "SET LOCAL lock_timeout = '1s'";

}  // namespace

bool OpenDays::are_known() const {
  const MutexLock lock(mutex_);
  return are_known_;
}

void OpenDays::set_known(const std::set<std::int64_t>& days) {
  add(days);
  const MutexLock lock(mutex_);
  are_known_ = true;
}

void OpenDays::add(const std::set<std::int64_t>& days) {
  const MutexLock lock(mutex_);
  ++last_version_;
  for (const auto day : days) versions_[day] = last_version_;
}

std::optional<OpenDays::Day> OpenDays::first_before(std::int64_t today) const {
  const MutexLock lock(mutex_);
  const auto end = versions_.lower_bound(today);
  if (end == versions_.begin()) return std::nullopt;
  const auto& [day, version] = *versions_.begin();
  return Day{day, version, static_cast<std::uint64_t>(std::distance(versions_.begin(), end))};
}

void OpenDays::done(const Day& day) {
  const MutexLock lock(mutex_);
  const auto found = versions_.find(day.number);
  if (found != versions_.end() && found->second == day.version) versions_.erase(found);
}

Compacted Compactor::step(Timestamp now) {
  epoch_.expect_taken_over();
  if (!days_.are_known()) look_for_days();
  Compacted compacted;
  const auto day = days_.first_before(day_of(now));
  if (!day) return compacted;
  if (day_ != day->number) device_id_.clear();
  day_ = day->number;
  if (!compact_devices(day->number, compacted)) {
    // What a merge has added in front of device_id_ in the meantime is for the next pass.
    const bool was_whole_pass = device_id_.empty();
    device_id_.clear();
    if (was_whole_pass) {
      days_.done(*day);
      free_space(day->number);
    }
  }
  const auto next = days_.first_before(day_of(now));
  compacted.backlog = next ? next->backlog : 0;
  compacted.has_more = next.has_value();
  return compacted;
}

void Compactor::look_for_days() {
  std::set<std::int64_t> days;
  const auto rows = connection_.query(select_open_days);
  for (const auto row : rows) days.insert(row.number(0));
  days_.set_known(days);
}

bool Compactor::compact_devices(std::int64_t day, Compacted& compacted) {
  const auto from = begin_of_day(day), to = begin_of_day(day + 1);
  Transaction transaction(connection_);
  epoch_.lock(connection_);
  connection_.run(only_by_index);
  std::vector<std::string> ids;
  std::int64_t records = 0;
  for (const auto row : connection_.query(select_next_segments, {from, to, device_id_})) {
    if (ids.empty() || row.text(0) != ids.back()) {
      if (records >= records_in_step) break;
      ids.push_back(row.text(0));
    }
    records += row.number(1);
  }
  if (ids.empty()) return false;

  std::map<std::string_view, log::DeviceToMerge> of_device;
  const auto segments = connection_.query_as_binary(
      delete_segments,
      {from, to, array_parameter(oid::text_array, oid::text, ids, [](std::string_view id) { return id; })});
  for (const auto row : segments) {
    const auto part = records_in(row, 1);
    auto& all = of_device[row.bytes(0)].records;
    all.insert(all.end(), part.begin(), part.end());
  }
  std::vector<log::DeviceToMerge> merged;
  for (auto& [id, device] : of_device) {
    log::sort_and_fold(device.records);
    device.latest.update.device_id = id;
    merged.push_back(std::move(device));
  }
  compacted.segments_before = static_cast<std::uint64_t>(segments.size());
  compacted.segments_after = segments_.write(merged, {.merge = segments_.next_merge(), .closed = true});
  transaction.commit();
  device_id_ = ids.back();
  return true;
}

// A merge lets the log's space be used again; once a day what the log had at its largest is returned.
//
// VACUUM returns the table's space only if no snapshot sees a segment any more. TRUNCATE, which would take the segments
// from older snapshots, then only returns the index's. Either may be refused, or take too long: autovacuum also returns
// most of the space.
void Compactor::free_space(std::int64_t day) {
  try {
    connection_.run(truncate_log);
  } catch (const SqlError& error) {
    if (!error.state().starts_with(sqlstate::damaged_class)) throw;  // a damaged page of the log costs itself
  }
  const auto found = connection_.query(find_open_partition, {begin_of_day(day), begin_of_day(day + 1)});
  if (found.empty()) return;
  const auto partition = found[0].text(0);
  const auto is_empty = [&] { return connection_.query(size_of, {partition})[0].number(0) == 0; };
  try {
    connection_.run(("VACUUM " + partition).c_str());
    if (!is_empty()) return;
    Transaction transaction(connection_);
    connection_.run(lock_briefly);
    connection_.run(("LOCK TABLE " + partition + " IN ACCESS EXCLUSIVE MODE").c_str());
    if (!is_empty()) return;  // a merge was quicker
    connection_.run(("TRUNCATE " + partition).c_str());
    transaction.commit();
  } catch (const SqlError& error) {
    for (const auto* expected :
         {sqlstate::insufficient_privilege, sqlstate::lock_not_available, sqlstate::query_canceled})
      if (error.state() == expected) return;
    throw;
  }
}

}  // namespace ubiety::postgres
