#include "storage/sqlite/history_days.hpp"

#include <chrono>
#include <string_view>

namespace ubiety::sqlite {
namespace {

constexpr std::string_view select_state = "SELECT state, expiring FROM history_day WHERE day = ?1";
constexpr std::string_view insert_day = "INSERT INTO history_day (day) VALUES (?1)";
constexpr std::string_view stop_expiring = "UPDATE history_day SET expiring = 0 WHERE day = ?1";
constexpr std::string_view insert_late_device = "INSERT OR IGNORE INTO late_device (day, device_id) VALUES (?1, ?2)";

constexpr std::string_view select_late_devices = "SELECT day, device_id FROM late_device WHERE day < ?1 LIMIT 200";
constexpr std::string_view delete_late_device = "DELETE FROM late_device WHERE day = ?1 AND device_id = ?2";

constexpr std::string_view select_next_day = R"sql(
  SELECT day, compacted_up_to FROM history_day WHERE day < ?1 AND state < 2 ORDER BY day LIMIT 1)sql";
constexpr std::string_view put_compaction = "UPDATE history_day SET state = 1, compacted_up_to = ?2 WHERE day = ?1";
constexpr std::string_view end_compaction = "UPDATE history_day SET state = 2, compacted_up_to = '' WHERE day = ?1";
constexpr std::string_view count_days_to_compact = R"sql(
  SELECT count(*) FROM history_day
  WHERE day < ?1 AND (state < 2 OR EXISTS (SELECT 1 FROM late_device WHERE late_device.day = history_day.day)))sql";

constexpr std::string_view select_day_before = "SELECT 1 FROM history_day WHERE day <= ?1 LIMIT 1";
constexpr std::string_view start_expiring = "UPDATE history_day SET expiring = 1 WHERE day < ?1 AND NOT expiring";
constexpr std::string_view delete_expired = "DELETE FROM history_day WHERE day < ?1 AND expiring";
constexpr std::string_view delete_expired_late = R"sql(
  DELETE FROM late_device WHERE day < ?1 AND day NOT IN (SELECT day FROM history_day))sql";

bool returns_a_row(Statement& statement) {
  const bool found = statement.next();
  statement.reset();
  return found;
}

}  // namespace

Day day_of(Timestamp time) {
  using namespace std::chrono;
  return floor<days>(microseconds{time.microseconds}).count();
}

Timestamp start_of(Day day) { return {std::chrono::microseconds(std::chrono::days{day}).count()}; }

HistoryDays::HistoryDays(Database& database)
    : state_(database, select_state),
      insert_(database, insert_day),
      rescue_(database, stop_expiring),
      insert_late_(database, insert_late_device),
      late_(database, select_late_devices),
      remove_late_(database, delete_late_device),
      next_(database, select_next_day),
      put_(database, put_compaction),
      compacted_(database, end_compaction),
      backlog_(database, count_days_to_compact),
      any_before_(database, select_day_before),
      mark_expiring_(database, start_expiring),
      forget_(database, delete_expired),
      forget_late_(database, delete_expired_late) {}

void HistoryDays::note_segment(Day day, const DeviceId& device_id) {
  state_->bind(1, day);
  if (!state_->next()) return insert_->bind(1, day).run();
  const bool is_open = state_->integer(0) == 0, is_expiring = state_->integer(1) != 0;
  state_->reset();
  if (is_expiring) rescue_->bind(1, day).run();
  if (!is_open) insert_late_->bind(1, day).bind(2, device_id).run();
}

std::vector<HistoryDays::LateDevice> HistoryDays::late_devices(Day today) {
  std::vector<LateDevice> devices;
  late_->bind(1, today);
  while (late_->next()) devices.push_back({late_->integer(0), DeviceId(late_->text(1))});
  return devices;
}

void HistoryDays::remove(const LateDevice& device) {
  remove_late_->bind(1, device.day).bind(2, device.device_id).run();
}

std::optional<HistoryDays::DayToCompact> HistoryDays::next_to_compact(Day today) {
  next_->bind(1, today);
  if (!next_->next()) return std::nullopt;
  DayToCompact next{next_->integer(0), DeviceId(next_->text(1))};
  next_->reset();
  return next;
}

void HistoryDays::put(const DayToCompact& progress) {
  put_->bind(1, progress.day).bind(2, progress.compacted_up_to).run();
}

void HistoryDays::note_compacted(Day day) { compacted_->bind(1, day).run(); }

std::uint64_t HistoryDays::backlog(Day today) {
  backlog_->bind(1, today).next();
  const auto days = static_cast<std::uint64_t>(backlog_->integer(0));
  backlog_->reset();
  return days;
}

bool HistoryDays::has_segments_before(Timestamp time) {
  return returns_a_row(any_before_->bind(1, day_of({time.microseconds - 1})));
}

void HistoryDays::begin_expiry(Timestamp before) { mark_expiring_->bind(1, day_of(before)).run(); }

void HistoryDays::finish_expiry(Timestamp before) {
  forget_->bind(1, day_of(before)).run();
  forget_late_->bind(1, day_of(before)).run();
}

}  // namespace ubiety::sqlite
