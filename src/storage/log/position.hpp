// Where a row stands in the log. A process opens a stream when it starts and numbers its rows without a gap, so that a
// position names one row for good, on a standby and after a restore too. Plain values, any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <map>

namespace ubiety::log {

// A random number of 63 bits, never used again. A sequence in the database could step back after a promotion.
using StreamId = std::int64_t;

struct Position {
  StreamId stream = 0;
  std::int64_t sequence = 0;  // 1 for the first row of a stream

  friend auto operator<=>(const Position&, const Position&) = default;
};

// How far each stream was read: the sequence of its last row. A stream that is not listed was not read at all.
class Positions {
 public:
  std::int64_t of(StreamId stream) const {
    const auto found = last_.find(stream);
    return found == last_.end() ? 0 : found->second;
  }

  bool has(Position position) const { return position.sequence <= of(position.stream); }

  // Returns whether `position` is the next row of its stream, and then counts it as read. Rows of a stream become
  // visible in their order, so any other row means that one was lost or trimmed.
  bool advance_to(Position position) {
    auto& last = last_[position.stream];
    if (position.sequence != last + 1) return false;
    last = position.sequence;
    return true;
  }

  // Counts all rows up to `position` as read.
  void raise_to(Position position) {
    auto& last = last_[position.stream];
    if (position.sequence > last) last = position.sequence;
  }

  // Counts as read whatever `others` has read.
  void raise_to(const Positions& others) {
    for (const auto& [stream, sequence] : others.last_) raise_to(Position{stream, sequence});
  }

  // Sets the streams of `others` to how far `others` has read them, also where that is less.
  void set_to(const Positions& others) {
    for (const auto& [stream, sequence] : others.last_) last_[stream] = sequence;
  }

  // Stream and sequence of each.
  auto begin() const { return last_.begin(); }
  auto end() const { return last_.end(); }
  bool empty() const { return last_.empty(); }

  void forget(StreamId stream) { last_.erase(stream); }

  friend bool operator==(const Positions&, const Positions&) = default;

 private:
  std::map<StreamId, std::int64_t> last_;
};

}  // namespace ubiety::log
