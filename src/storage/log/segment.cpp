#include "storage/log/segment.hpp"

#include <algorithm>
#include <array>

#include "storage/log/values.hpp"

namespace ubiety::log {
namespace {

constexpr std::uint8_t version = 1;
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

}  // namespace

// Devices report at regular distances, and each report takes about as long to arrive.
std::string encode_segment(std::span<const Status> records) {
  const auto unit = unit_of(records);
  std::string out;
  out += static_cast<char>(version);
  out += static_cast<char>(unit);
  append_varint(out, records.size());
  append_signed(out, records.front().timestamp.microseconds);
  auto last = records.front().timestamp;
  std::int64_t last_delay = 0;
  for (const auto& record : records) {
    const auto delay = (record.received - record.timestamp).count();
    append_varint(out, static_cast<std::uint64_t>((record.timestamp - last).count() / units[unit]));
    append_signed(out, delay - last_delay);
    append_values(out, record);
    last = record.timestamp;
    last_delay = delay;
  }
  append_checksum(out);
  return out;
}

Result<std::vector<Status>, Damage> decode_segment(std::string_view bytes) {
  const auto content = without_checksum(bytes);
  if (!content) return Failure{Damage{"the checksum of the segment does not match"}};
  ByteReader in(*content);
  if (in.byte() != version) return Failure{Damage{"the segment has an unknown version"}};
  const auto unit = in.byte();
  const auto count = in.varint();
  if (unit >= units.size()) return Failure{Damage{"the segment has an unknown unit"}};
  if (count == 0) return Failure{Damage{"the segment has no record"}};
  if (count > in.left() / smallest_record) return Failure{Damage{"the segment is too short for its records"}};
  std::vector<Status> records;
  records.reserve(count);
  Timestamp last = plus({}, in.signed_number());
  std::int64_t last_delay = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    Status record;
    std::int64_t distance = 0;
    if (__builtin_mul_overflow(in.varint(), units[unit], &distance)) distance = INT64_MAX;
    record.timestamp = last = plus(last, distance);
    last_delay = plus({last_delay}, in.signed_number()).microseconds;
    record.received = plus(last, last_delay);
    const bool has_values = read_values(in, record);
    if (in.failed()) return Failure{Damage{"the segment is too short for its records"}};
    if (!has_values || !is_possible(record.received) || !is_possible(record.timestamp))
      return Failure{Damage{"a value of the segment is not possible"}};
    records.push_back(record);
  }
  if (!in.is_at_end()) return Failure{Damage{"the segment is too long for its records"}};
  return records;
}

}  // namespace ubiety::log
