// A shard's part of one scan for the summary, done in slices. One thread at a time.
#pragma once

#include <optional>
#include <string>

#include "actors/shard/device_sort.hpp"
#include "actors/shard/device_table.hpp"
#include "actors/summary.hpp"

namespace ubiety {

class DeviceScan {
 public:
  explicit DeviceScan(ReadSummary request) : request_(std::move(request)) {}

  // When a slice is done, by the clocks of deadlines and of silence.
  struct Moment {
    SteadyTime steady;
    ListeningTime listening;
  };
  // Does the next slice, which takes some tenths of a millisecond. Always call it with the same table. Returns true
  // after the last slice: then the scan has replied, or is no longer wanted.
  bool advance(std::uint32_t shard, DeviceTable& table, const SummaryEncoder& encoder, const Moment& now);

 private:
  enum class Stage { begin, chunks, list, order, list_by_id, count, sort, list_span };

  // Each does a slice of its stage and returns whether the stage is complete.
  bool take_chunks(DeviceTable& table);
  bool list(const DeviceTable& table, const SummaryEncoder& encoder);
  bool list_by_id(const DeviceTable& table, const SummaryEncoder& encoder);
  bool count(const DeviceTable& table);
  bool sort(DeviceTable& table);
  bool list_span(const DeviceTable& table, const SummaryEncoder& encoder);
  bool do_slice(DeviceTable& table, const SummaryEncoder& encoder);

  Stage first_stage() const;
  bool matches(const DeviceTable& table, std::size_t number) const;
  void add_row(std::string_view device_id, std::int64_t value);
  void note_match(const Status& status);
  // Returns false when the budget is full.
  bool end_piece(std::size_t smallest);

  ReadSummary request_;
  std::uint32_t shard_ = 0;
  Stage stage_ = Stage::begin;
  ListeningTime now_;  // at the beginning, for all devices
  std::optional<DeviceSort> sort_;
  std::size_t next_ = 0;       // chunk or device, or place in the span
  std::string last_id_;        // the last one visited in the order of the ids
  std::string piece_;          // of the list, under way
  std::uint64_t version_ = 0;  // at the beginning
  SummaryPart part_;
};

}  // namespace ubiety
