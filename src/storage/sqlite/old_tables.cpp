#include "storage/sqlite/old_tables.hpp"

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "json/writer.hpp"
#include "storage/log/format.hpp"
#include "storage/log/merge_plan.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view find_tables = "SELECT 1 FROM sqlite_schema WHERE name = 'old_device_status'";

// Writes to the history what the old merge had not moved yet, of some rows of the log. A part of a row may be there.
constexpr const char* settle_rows = R"sql(
  INSERT INTO old_device_status (device_id, timestamp, battery_level, rssi, online, created_at)
  SELECT item ->> 0, item ->> 1, item ->> 2, item ->> 3, item ->> 4, item ->> 5
  FROM (SELECT each.value AS item
        FROM (SELECT fresh FROM old_update_log
              WHERE id > (SELECT merged_through FROM old_update_log_progress)
                AND id < (SELECT min(id) FROM old_update_log) + 100) AS rows,
             json_each(rows.fresh) AS each)
  WHERE true
  ON CONFLICT DO UPDATE SET created_at = max(created_at, excluded.created_at);
  DELETE FROM old_update_log WHERE id < (SELECT min(id) FROM old_update_log) + 100;)sql";
constexpr std::string_view find_row = "SELECT 1 FROM old_update_log LIMIT 1";

constexpr std::string_view select_records = R"sql(
  SELECT device_id, timestamp, battery_level, rssi, online, created_at FROM old_device_status
  ORDER BY device_id, timestamp)sql";
constexpr std::string_view delete_records = R"sql(
  DELETE FROM old_device_status WHERE (device_id, timestamp) <= (?1, ?2))sql";

constexpr std::string_view count_devices = "SELECT count(*) FROM device_latest WHERE device_id > ?1";

constexpr std::string_view note_closed_days = "UPDATE history_day SET state = 2 WHERE day < unixepoch() / 86400";
constexpr const char* drop_tables = R"sql(
  DROP TABLE old_device_status;
  DROP TABLE old_update_log;
  DROP TABLE old_update_log_progress;)sql";

constexpr std::uint64_t records_of_a_step = 100'000;

Status status_in(const Statement& row) {
  return {.timestamp = {row.integer(1)},
          .received = {row.integer(5)},
          .rssi = static_cast<std::int16_t>(row.integer(3)),
          .battery_level = static_cast<std::uint8_t>(row.integer(2)),
          .online = row.integer(4) != 0};
}

}  // namespace

OldTables::OldTables(Database& database, NewerThan newer_than)
    : database_(database),
      newer_than_(newer_than),
      days_(database),
      segments_(database, days_),
      latest_(database, newer_than) {}

bool OldTables::exist() { return Statement(database_, find_tables).next(); }

std::optional<std::string> OldTables::convert_step() {
  if (!exist()) return std::nullopt;
  if (settle_log()) return "the log's updates are moved into the history";
  if (const auto moved = convert_records(); moved > 0) {
    converted_ += moved;
    return std::to_string(converted_) +
           " records are moved into segments; devices left: " + std::to_string(devices_left());
  }
  drop();
  return "all records are moved into segments";
}

// Returns false if the log is empty.
bool OldTables::settle_log() {
  if (!Statement(database_, find_row).next()) return false;
  Transaction transaction(database_);
  database_.execute(settle_rows);
  transaction.commit();
  return true;
}

// Moves the first records in the order of the key: whole days of devices. Returns their number.
std::uint64_t OldTables::convert_records() {
  Transaction transaction(database_);
  Statement rows(database_, select_records);
  std::uint64_t moved = 0;
  std::vector<Status> records;  // of last_device_
  while (rows.next()) {
    const auto status = status_in(rows);
    const bool is_same_device = !records.empty() && rows.text(0) == last_device_;
    if (moved >= records_of_a_step && !(is_same_device && day_of(records.back().timestamp) == day_of(status.timestamp)))
      break;
    if (!is_same_device) {
      convert(last_device_, records);
      last_device_ = rows.text(0);
    }
    records.push_back(status);
    ++moved;
  }
  rows.reset();
  if (moved == 0) return 0;
  const auto last = records.back().timestamp;
  convert(last_device_, records);
  Statement(database_, delete_records).bind(1, last_device_).bind(2, last.microseconds).run();
  transaction.commit();
  return moved;
}

// Writes the records of a device, in the order of their timestamps, as segments, and clears them.
void OldTables::convert(const DeviceId& device_id, std::vector<Status>& records) {
  if (records.empty()) return;
  const auto is_older = [this](const Status& left, const Status& right) { return newer_than_(right, left); };
  const auto latest = *std::max_element(records.begin(), records.end(), is_older);
  const auto later = [](const Status& left, const Status& right) { return left.received < right.received; };
  const auto last_heard = std::max_element(records.begin(), records.end(), later)->received;
  latest_.raise({.update = {device_id, latest}, .newest = records.back().timestamp, .last_heard = last_heard});
  log::sort_and_fold(records);
  segments_.insert(device_id, records);
  records.clear();
}

// Without the device whose records were moved last.
std::int64_t OldTables::devices_left() {
  Statement count(database_, count_devices);
  count.bind(1, last_device_).next();
  return count.integer(0);
}

void OldTables::drop() {
  Transaction transaction(database_);
  Statement(database_, note_closed_days).run();
  database_.execute(drop_tables);
  transaction.commit();
}

namespace {

void append_record(std::string& out, std::string_view device_id, const Status& status) {
  out += out.size() > 1 ? ",[" : "[";
  if (device_id.empty())
    out += "null";
  else
    json::append_string(out, device_id);
  for (const std::int64_t value : {status.timestamp.microseconds, static_cast<std::int64_t>(status.battery_level),
                                   static_cast<std::int64_t>(status.rssi), static_cast<std::int64_t>(status.online),
                                   status.received.microseconds}) {
    out += ',';
    json::append_number(out, value);
  }
  out += ']';
}

std::string as_json(const std::vector<Status>& records) {
  std::string out = "[";
  for (const auto& record : records) append_record(out, {}, record);
  return out += ']';
}

std::string as_json(const std::vector<StatusUpdate>& updates) {
  std::string out = "[";
  for (const auto& update : updates) append_record(out, update.device_id, update.status);
  return out += ']';
}

// A function of SQL with one argument: decodes the bytes and returns JSON.
template <auto decode>
void to_json(sqlite3_context* context, int, sqlite3_value** arguments) {
  try {
    const auto* data = static_cast<const char*>(sqlite3_value_blob(arguments[0]));
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
    const auto decoded = decode({data, size});
    if (!decoded) {
      const std::string reason(decoded.error().reason);
      return sqlite3_result_error(context, reason.c_str(), -1);
    }
    const auto text = as_json(*decoded);
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

void add_function(Database& database, const char* name, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
  const int code = sqlite3_create_function_v2(database.handle(), name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                                              function, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw Error(code, sqlite3_errmsg(database.handle()));
}

}  // namespace

void add_json_functions(Database& database) {
  add_function(database, "segment_as_json", to_json<log::decode_segment>);
  add_function(database, "row_as_json", to_json<log::decode_row>);
}

}  // namespace ubiety::sqlite
