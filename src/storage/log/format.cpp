#include "storage/log/format.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "domain/text.hpp"

namespace ubiety::log {
namespace {

constexpr std::size_t checksum_size = 4;
constexpr std::uint8_t more_follow = 0x80;

std::uint32_t checksum_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

// What rows and segments have in common: which values are possible, and how they are written.

bool is_possible(Timestamp time) { return earliest_timestamp <= time && time <= latest_timestamp; }

// Two bytes: the battery level with the online flag, and the RSSI above its minimum.
void append_values(std::string& out, const Status& status) {
  out += static_cast<char>(status.battery_level << 1 | (status.online ? 1 : 0));
  out += static_cast<char>(status.rssi - min_rssi);
}

// Returns false if the values are out of their ranges.
bool read_values(ByteReader& bytes, Status& status) {
  const int level_and_flag = bytes.byte(), above_minimum = bytes.byte();
  status.battery_level = static_cast<std::uint8_t>(level_and_flag >> 1);
  status.online = (level_and_flag & 1) != 0;
  status.rssi = static_cast<std::int16_t>(above_minimum + min_rssi);
  return status.battery_level <= max_battery_level && status.rssi <= max_rssi;
}

// Adds a number that was read from bytes, which may be any. Returns an impossible time when the sum is one.
std::int64_t sum(std::int64_t number, std::int64_t added) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(number, added, &sum) ? INT64_MAX : sum;
}

Timestamp plus(Timestamp time, std::int64_t microseconds) { return {sum(time.microseconds, microseconds)}; }

constexpr std::uint8_t row_version = 1;
constexpr std::uint64_t smallest_update = 6;  // bytes

std::size_t shared_prefix(std::string_view left, std::string_view right) {
  const auto [end, unused] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(end - left.begin());
}

// Version 1 had distances between timestamps in place of their differences, and always the differences of delays.
constexpr std::uint8_t oldest_segment_version = 1, segment_version = 2;
constexpr std::uint64_t smallest_record = 3;  // bytes, behind the first

// The units in which distances between timestamps are written, in microseconds. Most devices report whole seconds.
constexpr std::array<std::int64_t, 3> units{1'000'000, 1'000, 1};

// Returns the place of the largest unit that divides all distances.
std::size_t unit_of(std::span<const Status> records) {
  const auto first = records.front().timestamp;
  std::size_t unit = 0;
  for (const auto& record : records)
    while ((record.timestamp - first).count() % units[unit] != 0) ++unit;
  return unit;
}

// What of the times of receipt a segment has. Reports that arrive at once have similar delays, and those that were held
// back have similar times of receipt.
enum class Receipts : std::uint8_t { delays, times };

std::int64_t receipt_in(Receipts form, const Status& record) {
  return form == Receipts::delays ? (record.received - record.timestamp).count() : record.received.microseconds;
}

// Returns the form that takes fewer bytes behind the first record.
Receipts form_of_receipts(std::span<const Status> records) {
  std::size_t delays = 0, times = 0;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const auto bytes = [&](Receipts form) {
      return size_of_signed(receipt_in(form, records[i]) - receipt_in(form, records[i - 1]));
    };
    delays += bytes(Receipts::delays);
    times += bytes(Receipts::times);
  }
  return times < delays ? Receipts::times : Receipts::delays;
}

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= more_follow; value >>= 7) out += static_cast<char>(value | more_follow);
  out += static_cast<char>(value);
}

void append_checksum(std::string& out) { append_big_endian(out, checksum_of(out)); }

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const auto next = byte();
    const auto bits = static_cast<std::uint64_t>(next & ~more_follow);
    if (shift == 63 && bits > 1) break;  // beyond 64 bits
    value |= bits << shift;
    if ((next & more_follow) == 0) return failed_ ? 0 : value;
  }
  failed_ = true;
  return 0;
}

std::uint8_t ByteReader::byte() {
  const auto one = text(1);
  return one.empty() ? 0 : static_cast<std::uint8_t>(one.front());
}

std::string_view ByteReader::text(std::uint64_t size) {
  if (failed_ || size > left_.size()) {
    failed_ = true;
    return {};
  }
  const auto taken = left_.substr(0, size);
  left_.remove_prefix(size);
  return taken;
}

std::optional<std::string_view> without_checksum(std::string_view bytes) {
  if (bytes.size() < checksum_size) return std::nullopt;
  const auto content = bytes.substr(0, bytes.size() - checksum_size);
  if (big_endian<std::uint32_t>(bytes.substr(content.size())) != checksum_of(content)) return std::nullopt;
  return content;
}

// Ids of a fleet begin alike, and times of receipt are close to each other and to the timestamps.
std::string encode_row(const UpdateList& updates) {
  std::string out;
  out += static_cast<char>(row_version);
  append_varint(out, updates.size());
  std::string_view last_id;
  std::int64_t last_received = 0;
  for (const auto* update : updates) {
    const auto& [id, status] = *update;
    const auto shared = shared_prefix(last_id, id);
    append_varint(out, shared);
    append_varint(out, id.size() - shared);
    out.append(id, shared);
    append_signed(out, status.received.microseconds - last_received);
    append_signed(out, status.timestamp.microseconds - status.received.microseconds);
    append_values(out, status);
    last_id = id;
    last_received = status.received.microseconds;
  }
  append_checksum(out);
  return out;
}

Result<std::vector<StatusUpdate>, Damage> decode_row(std::string_view bytes) {
  const auto content = without_checksum(bytes);
  if (!content) return Failure{Damage{"the checksum of the row does not match"}};
  ByteReader in(*content);
  if (in.byte() != row_version) return Failure{Damage{"the row has an unknown version"}};
  const auto count = in.varint();
  if (count > in.left() / smallest_update) return Failure{Damage{"the row is too short for its updates"}};
  std::vector<StatusUpdate> updates;
  updates.reserve(count);
  Timestamp last_received;
  for (std::uint64_t i = 0; i < count; ++i) {
    StatusUpdate update;
    const auto shared = in.varint();
    const auto last_id = updates.empty() ? std::string_view() : std::string_view(updates.back().device_id);
    if (shared > last_id.size()) return Failure{Damage{"a device id of the row is not possible"}};
    update.device_id.assign(last_id.substr(0, shared)).append(in.text(in.varint()));
    update.status.received = last_received = plus(last_received, in.signed_number());
    update.status.timestamp = plus(last_received, in.signed_number());
    const bool has_values = read_values(in, update.status);
    if (in.failed()) return Failure{Damage{"the row is too short for its updates"}};
    if (check_device_id(update.device_id)) return Failure{Damage{"a device id of the row is not possible"}};
    if (!has_values || !is_possible(update.status.received) || !is_possible(update.status.timestamp))
      return Failure{Damage{"a value of the row is not possible"}};
    updates.push_back(std::move(update));
  }
  if (!in.is_at_end()) return Failure{Damage{"the row is too long for its updates"}};
  return updates;
}

// Devices report at regular distances.
std::string encode_segment(std::span<const Status> records) {
  const auto unit = unit_of(records);
  const auto form = form_of_receipts(records);
  std::string out;
  out += static_cast<char>(segment_version);
  out += static_cast<char>(unit);
  out += static_cast<char>(form);
  append_varint(out, records.size());
  append_signed(out, records.front().timestamp.microseconds);
  auto last = records.front().timestamp;
  std::int64_t last_distance = 0, last_receipt = 0;
  for (const auto& record : records) {
    const auto distance = (record.timestamp - last).count() / units[unit], receipt = receipt_in(form, record);
    append_signed(out, distance - last_distance);
    append_signed(out, receipt - last_receipt);
    append_values(out, record);
    last = record.timestamp;
    last_distance = distance;
    last_receipt = receipt;
  }
  append_checksum(out);
  return out;
}

Result<std::vector<Status>, Damage> decode_segment(std::string_view bytes) {
  const auto content = without_checksum(bytes);
  if (!content) return Failure{Damage{"the checksum of the segment does not match"}};
  ByteReader in(*content);
  const auto version = in.byte();
  if (version < oldest_segment_version || segment_version < version)
    return Failure{Damage{"the segment has an unknown version"}};
  const bool is_old = version == oldest_segment_version;
  const auto unit = in.byte();
  const auto form = is_old ? Receipts::delays : Receipts{in.byte()};
  const auto count = in.varint();
  if (unit >= units.size()) return Failure{Damage{"the segment has an unknown unit"}};
  if (form > Receipts::times) return Failure{Damage{"the segment has an unknown form of receipts"}};
  if (count == 0) return Failure{Damage{"the segment has no record"}};
  if (count > in.left() / smallest_record) return Failure{Damage{"the segment is too short for its records"}};
  std::vector<Status> records;
  records.reserve(count);
  Timestamp last = plus({}, in.signed_number());
  std::int64_t distance = 0, receipt = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Status record;
    distance = is_old ? static_cast<std::int64_t>(in.varint()) : sum(distance, in.signed_number());
    std::int64_t microseconds = 0;
    if (__builtin_mul_overflow(distance, units[unit], &microseconds)) microseconds = INT64_MAX;
    record.timestamp = last = plus(last, microseconds);
    receipt = sum(receipt, in.signed_number());
    record.received = form == Receipts::times ? Timestamp{receipt} : plus(last, receipt);
    const bool has_values = read_values(in, record);
    if (in.failed()) return Failure{Damage{"the segment is too short for its records"}};
    if (!has_values || distance < 0 || !is_possible(record.received) || !is_possible(record.timestamp))
      return Failure{Damage{"a value of the segment is not possible"}};
    records.push_back(record);
  }
  if (!in.is_at_end()) return Failure{Damage{"the segment is too long for its records"}};
  return records;
}

}  // namespace ubiety::log
