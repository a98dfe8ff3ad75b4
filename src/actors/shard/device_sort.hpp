// Chooses the devices of a summary that match, and sorts them, in slices. Takes up to 32 bytes a device, of which 16
// stay with the sorted devices. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/shard/device_table.hpp"
#include "actors/shard/radix_sort.hpp"
#include "actors/sorted_devices.hpp"
#include "actors/summary.hpp"

namespace ubiety {

class DeviceSort {
 public:
  // For a page that ends among this many devices, only the first ones are sorted.
  static constexpr std::size_t few = 8192;

  // `now`: the moment by which devices match. The query is of a sort.
  DeviceSort(const SummaryQuery& query, ListeningTime now);

  // Does a slice of some tenths of a millisecond. Always call it with the same table. Devices that come after the
  // beginning are left out. Returns whether it is finished.
  bool advance(DeviceTable& table);

  // -- once it is finished --

  std::shared_ptr<const SortedDevices> devices() const { return sorted_; }
  // Of all that match.
  std::uint64_t matches() const { return matches_; }
  std::uint64_t online() const { return online_; }
  // At most so many of the sorted devices, in equal steps.
  std::vector<SortSample> samples(const DeviceTable& table) const;
  static constexpr std::size_t most_samples = 1024;

 private:
  bool rank();
  void choose(const DeviceTable& table);
  void add(const SortedDevices::Key& key);
  void keep_the_first();
  SortedDevices::Key key_of(const DeviceTable& table, std::uint32_t device) const;

  enum class Stage { order, rank, choose, sort };

  const DeviceFilter filter_;
  const SummarySort sort_;
  const std::size_t wanted_;  // at least; 0: all
  const ListeningTime now_;
  const std::shared_ptr<SortedDevices> sorted_;
  Stage stage_ = Stage::order;
  std::vector<std::uint32_t> order_;  // the devices by their ids, when this began
  std::vector<std::uint32_t> ranks_;  // by device
  std::size_t next_ = 0;              // place in `order_`, or device
  std::optional<SortedDevices::Key> last_wanted_;
  std::optional<RadixSort> sorting_;
  std::uint64_t matches_ = 0, online_ = 0;
};

}  // namespace ubiety
