// A table of devices with a listening clock of its own, for tests that are not about silence. One thread at a time.
#pragma once

#include <chrono>

#include "actors/shard/device_table.hpp"

namespace ubiety::test {

struct OwnListening {
  Listening listening;
  Groups groups;
};

class Table : private OwnListening, public DeviceTable {
 public:
  static constexpr std::chrono::seconds stale_after = std::chrono::minutes(10);

  explicit Table(SummaryEncoder encoder)
      : DeviceTable(NewerThan(std::chrono::seconds(300)), encoder, SilenceWatch(0, stale_after, {}),
                    OwnListening::listening, OwnListening::groups) {}

  using DeviceTable::apply;
  using DeviceTable::load;
  Applied apply(const StatusUpdate& update) { return apply(update, {now}); }
  void load(const log::LatestStatus& latest) { load(latest, now); }

  DeviceChanges find_silent() { return advance(now, {}); }

  ListeningTime now{};  // when updates are heard
};

}  // namespace ubiety::test
