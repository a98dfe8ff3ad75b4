#include "storage/log/row.hpp"

#include <algorithm>

#include "storage/log/values.hpp"

namespace ubiety::log {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint64_t smallest_update = 6;  // bytes

std::size_t shared_prefix(std::string_view left, std::string_view right) {
  const auto [end, unused] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<std::size_t>(end - left.begin());
}

}  // namespace

// Ids of a fleet begin alike, and times of receipt are close to each other and to the timestamps.
std::string encode_row(const UpdateList& updates) {
  std::string out;
  out += static_cast<char>(version);
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
  if (in.byte() != version) return Failure{Damage{"the row has an unknown version"}};
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

}  // namespace ubiety::log
