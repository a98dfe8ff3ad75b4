// A shard's tail: the updates that are durable in the log but not merged into the history yet, by device. With it a
// page of history needs no search of the log, a merge need not read the log back, and a repeated update is recognised.
//
// The updates lie in one queue, in the order in which they were applied. Each knows the device's update before it, so a
// device costs four bytes and an update 24. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "domain/status.hpp"
#include "storage/log/history.hpp"
#include "storage/log/position.hpp"

namespace ubiety {

class Tail {
 public:
  // Updates are added to the row that was begun last. Rows of a stream come in their order.
  void begin_row(log::Position position);
  bool has_row(log::Position position) const;

  // `device` is its number in the DeviceTable. `may_repeat`: see log::UnmergedRecord.
  void add(std::uint32_t device, const Status& status, bool may_repeat);

  // What the tail knows of a report whose timestamp is not the device's latest.
  enum class Knowledge : std::uint8_t { repeats, is_new, unknown };
  // Searches at most max_searched of the device's updates.
  Knowledge look_for(std::uint32_t device, const Status& status) const;
  static constexpr std::size_t max_searched = 256;

  // Appends all updates of the device that are not merged to `records`.
  void append_unmerged(std::uint32_t device, std::vector<log::UnmergedRecord>& records) const;
  // Appends the newest records of the device by their timestamps, if the tail has `count` of them for certain: merged
  // records are no newer. Returns false, and appends nothing, if it has not.
  bool append_newest(std::uint32_t device, std::size_t count, std::vector<Status>& records) const;

  // The rows up to some positions that are not merged. Nearly always they are the oldest ones, so that no update's row
  // need be looked up.
  class RowsToMerge;
  // `through` outlives what is returned, which is valid until the tail changes.
  RowsToMerge rows_to_merge(const log::Positions& through) const;
  struct Collected {
    std::uint32_t device;
    std::vector<Status> records = {};  // in the order in which they were applied
    bool may_repeat = false;           // whether one of them may repeat an earlier record
  };
  // Whether the device has an update in the tail, of whatever row.
  bool has(std::uint32_t device) const { return device < newest_.size() && is_in_tail(newest_[device]); }
  // Fills in the devices' updates of those rows. A device's updates lie far apart in memory, and each leads to the one
  // before it: with several devices at once, the processor need not wait for one update after the other.
  void collect(const RowsToMerge& rows, std::vector<Collected>& devices) const;

  // The device was removed: its updates are in the tail no more, though they take memory until their rows are merged.
  void forget(std::uint32_t device) {
    if (device < newest_.size()) newest_[device] = first_ - 1;
  }

  // The rows up to `merged` are in the history now.
  void drop_merged(const log::Positions& merged);

  // Only the rows up to `merged` of these streams are in the history, because the store lost merges.
  void set_merged(const log::Positions& merged) { merged_.set_to(merged); }

  struct Lost {
    std::uint32_t device;
    Status status;
  };
  // Returns the updates of the stream's rows behind `kept_through`, which the store has lost. They count as merged from
  // here on, because they will be written as another row.
  std::vector<Lost> take_lost(log::StreamId stream, std::int64_t kept_through);

  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return entries_.size() * sizeof(Entry) + rows_.size() * sizeof(Row); }
  // When the oldest update was received; latest_timestamp when there is none.
  Timestamp oldest_received() const { return entries_.empty() ? latest_timestamp : entries_.front().status().received; }

 private:
  using Number = std::uint32_t;  // of an update, modulo 2^32: never so many are in the tail at once

  struct Entry {
    Timestamp timestamp, received;
    Number distance;  // to the device's update before this one; 0 for none
    std::int16_t rssi;
    std::uint8_t battery_level;
    bool online : 1, may_repeat : 1;

    Status status() const { return {timestamp, received, rssi, battery_level, online}; }
  };
  static_assert(sizeof(Entry) == 24);

  struct Row {
    log::Position position;
    Number first;  // of its updates
  };

  Number end() const { return first_ + static_cast<Number>(entries_.size()); }
  bool is_in_tail(Number number) const { return number - first_ < entries_.size(); }
  const Entry& at(Number number) const { return entries_[number - first_]; }

  static constexpr std::size_t max_visited = 4'096;  // for one page

  // Calls `visit(number, entry)` with the device's updates, the last applied first, until it returns false.
  template <class Visit>
  void for_each_of(std::uint32_t device, Visit visit) const {
    if (device >= newest_.size()) return;
    for (auto number = newest_[device]; is_in_tail(number);) {
      const auto& entry = at(number);
      if (!visit(number, entry) || entry.distance == 0) return;
      number -= entry.distance;
    }
  }

  const log::Position& position_of(Number number) const;
  void forget_dropped_devices();

  Number first_of(const std::deque<Row>::const_iterator& row) const { return row == rows_.end() ? end() : row->first; }

  std::deque<Entry> entries_;
  std::deque<Row> rows_;        // may include rows without updates
  Number first_ = 0;            // of entries_.front()
  std::vector<Number> newest_;  // by device: the update applied last, which may be dropped already
  log::Positions merged_;
};

class Tail::RowsToMerge {
 public:
  bool empty() const { return oldest_updates_ == 0 && !others_; }

 private:
  friend class Tail;

  RowsToMerge(const Tail& tail, const log::Positions& through);

  bool have(Number number) const {
    if (number - tail_.first_ < oldest_updates_) return true;
    return others_ && is_wanted(tail_.position_of(number));
  }
  bool is_wanted(log::Position position) const { return through_.has(position) && !tail_.merged_.has(position); }

  const Tail& tail_;
  const log::Positions& through_;
  Number oldest_updates_;  // how many updates, from the oldest on, are in wanted rows without a gap
  bool others_;            // whether there are wanted rows behind the gap
};

}  // namespace ubiety
