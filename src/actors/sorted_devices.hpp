// The devices of a shard that match a filter, in the order of a summary's sort. A shard makes them once, for all pages
// of a query that follow each other soon. Plain values; what is shared does not change. Any thread.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ubiety {

struct SummarySort {
  enum class By : std::uint8_t { device_id, battery_level, rssi, last_heard, last_update };
  By by = By::device_id;
  bool is_descending = false;  // of equal devices the smaller id still comes first

  friend bool operator==(const SummarySort&, const SummarySort&) = default;
};

struct SortedDevices {
  struct Key {
    std::int64_t value = 0;    // what it is sorted by; its complement when descending, 0 when sorted by id
    std::uint32_t rank = 0;    // of the id among the shard's ids; its complement when sorted by id, descending
    std::uint32_t device = 0;  // its number

    friend auto operator<=>(const Key&, const Key&) = default;
  };

  std::vector<Key> keys;    // rising
  bool is_whole = true;     // else only the first ones
  std::uint64_t table = 0;  // DeviceTable::identity
};

// A device among those that are sorted, by which the devices of several shards can be compared.
struct SortSample {
  std::int64_t value = 0;
  std::string device_id;
  std::size_t count = 0;  // of the shard's devices up to this one
};

// The part of a shard's sorted devices that a page may need.
struct SortedSpan {
  std::shared_ptr<const SortedDevices> devices;
  std::size_t begin = 0, end = 0;
};

}  // namespace ubiety
