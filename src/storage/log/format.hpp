// A row of the log and a segment of the history, and how both are written as bytes. SQLite and the spool keep them so;
// PostgreSQL has columns and arrays, which SQL can read. Pure functions, any thread. See docs/FORMATS.md.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"
#include "domain/status.hpp"
#include "storage/log/position.hpp"

namespace ubiety {

// Updates that the caller keeps.
using UpdateList = std::vector<const StatusUpdate*>;

}  // namespace ubiety

namespace ubiety::log {

// Why bytes cannot be read: for a person.
struct Damage {
  std::string_view reason;
};

// The updates of one commit, in the order in which they were written.
struct Row {
  Position position;
  std::vector<StatusUpdate> updates;

  // Valid as long as the row.
  UpdateList pointers() const {
    UpdateList pointers;
    pointers.reserve(updates.size());
    for (const auto& update : updates) pointers.push_back(&update);
    return pointers;
  }
};

std::string encode_row(const UpdateList& updates);

// Returns the updates, each of which is valid, or why the bytes are no row.
Result<std::vector<StatusUpdate>, Damage> decode_row(std::string_view bytes);

// A segment has updates of one device and one day. `records`: at least one, sorted by oldest_first.
std::string encode_segment(std::span<const Status> records);

// Returns the records in their order, each of which is valid, or why the bytes are no segment.
Result<std::vector<Status>, Damage> decode_segment(std::string_view bytes);

// -- what both are made of: variable-length integers, and a checksum at the end --

// Appends 7 bits a byte, the least significant first; the high bit of a byte says that another one follows (LEB128).
void append_varint(std::string& out, std::uint64_t value);

// Small signed numbers are short: 0, -1, 1, -2 become the varints 0, 1, 2, 3.
constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline void append_signed(std::string& out, std::int64_t value) { append_varint(out, zigzag(value)); }
// Returns how many bytes append_signed() appends.
constexpr std::size_t size_of_signed(std::int64_t value) {
  return (static_cast<std::size_t>(std::bit_width(zigzag(value) | 1)) + 6) / 7;
}

// Appends the CRC-32 (RFC 1952, 8) of the bytes so far, in network byte order.
void append_checksum(std::string& out);

// Reads what the functions above append. After the first read that fails, all fail. One thread.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  std::uint64_t varint();
  std::int64_t signed_number() {
    const auto value = varint();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  std::uint8_t byte();
  // Returns the next bytes, as views into what is read.
  std::string_view text(std::uint64_t size);

  bool failed() const { return failed_; }
  bool is_at_end() const { return left_.empty(); }
  // The bytes that are left: no count of anything can exceed it.
  std::uint64_t left() const { return left_.size(); }

 private:
  std::string_view left_;
  bool failed_ = false;
};

// Returns the bytes in front of the checksum, or nullopt if it does not match.
std::optional<std::string_view> without_checksum(std::string_view bytes);

}  // namespace ubiety::log
