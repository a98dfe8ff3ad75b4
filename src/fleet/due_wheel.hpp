// When to look at each device of a shard: a timer wheel of seconds. A report does not touch the wheel. When a device's
// slot comes, the visitor looks when the device was last heard, and puts the device further on or lets go of it. One
// thread at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "domain/chunked_vector.hpp"
#include "fleet/listening_time.hpp"

namespace ubiety {

class DueWheel {
 public:
  // Devices are numbered from 0; a number takes this much memory, whether it is in the wheel or not. The slots take
  // another 16 KiB.
  static constexpr std::size_t bytes_a_device = sizeof(std::uint32_t);
  static constexpr std::uint32_t most_devices = 0xFFFF'FFFE;
  // A device that is due later than in 68 minutes is visited in between.
  static constexpr std::int64_t slots = 4096;

  explicit DueWheel(ListeningTime now) : second_(second_of(now)), first_(slots, end) {}

  bool contains(std::uint32_t device) const { return device < next_.size() && next_[device] != outside; }

  // Puts a device in that is not in the wheel. `due` may be past: then the next advance() visits the device.
  void put(std::uint32_t device, ListeningTime due);

  // Takes the device out, if it is in. Searches all slots; cheaper is to let go of the device at its next visit.
  void remove(std::uint32_t device);

  // Visits each device that is due by `now`, and some that are not. `visit(device)` returns when to visit it again, or
  // nullopt to let go of it. A device is visited at the first call at or after its due moment. `now` never goes back.
  template <class Visit>
  void advance(ListeningTime now, Visit visit) {
    const auto last = std::max(second_, second_of(now));
    // What is put back goes to the last slot or behind it.
    const auto first = std::max(second_, last - slots + 1);
    second_ = last;
    for (auto second = first; second <= last; ++second) {
      auto device = take_slot(second);
      while (device != end) {
        const auto next = next_[device];
        next_[device] = outside;
        if (const std::optional<ListeningTime> due = visit(device)) put(device, *due);
        device = next;
      }
    }
  }

 private:
  // In place of a device's number.
  static constexpr std::uint32_t outside = 0xFFFF'FFFF, end = 0xFFFF'FFFE;

  static std::int64_t second_of(ListeningTime time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  }
  std::uint32_t& slot(std::int64_t second) { return first_[static_cast<std::size_t>(second % slots)]; }
  std::uint32_t take_slot(std::int64_t second);

  std::int64_t second_;                // of the last advance; all slots before it are empty
  std::vector<std::uint32_t> first_;   // the first device of each slot
  ChunkedVector<std::uint32_t> next_;  // by device: the next device of its slot
};

}  // namespace ubiety
