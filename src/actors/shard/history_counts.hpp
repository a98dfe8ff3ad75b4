// How many rows the histories have that people read: to count 100,000 rows for each page takes longer than the page.
// The store counts once; from then on what its commits tell is added, and what they do not tell makes it count again.
// Devices whose history nobody reads cost nothing. One thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/store.hpp"

namespace ubiety {

class HistoryCounts {
 public:
  struct Known {
    std::optional<std::uint64_t> rows;     // of the device
    std::optional<std::uint64_t> version;  // what the store counts now can be kept under it
  };
  // From here on the device's count is followed. Neither is given while an update of it may be on its way.
  Known ask(const DeviceId& device_id, bool batch_is_on_its_way);

  // What the store counted, asked under this version.
  void keep(const DeviceId& device_id, std::uint64_t version, std::uint64_t rows);

  // A batch is on its way, one at a time, and is done: `fresh_are_new` when each fresh update is a row that was not
  // there before.
  void handed_over(const WriteBatch& write);
  void done(const WriteBatch& write, bool fresh_are_new);

  // Rows were removed from the history.
  void forget();

 private:
  static constexpr std::size_t most_devices = 10'000;

  struct Entry {
    std::optional<std::uint64_t> rows;
    std::uint64_t version = 0;  // another one after each change
    bool on_its_way = false;
  };

  Entry* find(const DeviceId& device_id);
  void note_on_its_way(Entry& entry);

  std::unordered_map<DeviceId, Entry> entries_;
  std::vector<Entry*> on_their_way_;
  std::uint64_t last_version_ = 0;
};

}  // namespace ubiety
