// Sorts the ids of many devices in slices, for DeviceOrder after a start. It compares eight bytes of each id, behind
// what all ids have in common, and the ids themselves only where these are equal. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "actors/shard/known_device.hpp"
#include "actors/shard/sliced_sort.hpp"
#include "domain/chunked_vector.hpp"

namespace ubiety {

class IdSort {
 public:
  using Devices = ChunkedVector<KnownDevice>;
  // Sorts the devices that there are now. Until the end no device is removed or put into a gap before that.
  explicit IdSort(const Devices& devices) : devices_(devices), size_(devices.size()) {}

  // Does a slice of about a third of a millisecond. Returns whether all are sorted.
  bool advance();

  // -- once all are sorted --

  // How many numbers it has looked at.
  std::size_t size() const { return size_; }
  std::vector<std::uint32_t> take() { return std::move(sorted_); }

 private:
  struct Key {
    std::uint64_t beginning = 0;
    const KnownDevice* device = nullptr;
    std::uint32_t number = 0;

    friend bool operator<(const Key& left, const Key& right) {
      if (left.beginning != right.beginning) return left.beginning < right.beginning;
      return left.device->device_id < right.device->device_id;
    }
  };

  void find_common();
  void make_keys();
  void take_numbers();

  enum class Stage { find_common, make_keys, sort, take_numbers, done };

  const Devices& devices_;
  const std::size_t size_;
  Stage stage_ = Stage::find_common;
  std::size_t next_ = 0;
  std::optional<std::string_view> common_;  // what the ids begin with, as far as they were looked at
  std::vector<Key> keys_;
  std::optional<SlicedSort<Key>> sort_;
  std::vector<std::uint32_t> sorted_;
};

}  // namespace ubiety
