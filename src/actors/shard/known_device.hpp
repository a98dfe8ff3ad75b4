// A device of a shard: its id and its latest status. Plain value, one thread at a time.
#pragma once

#include <utility>

#include "domain/status.hpp"
#include "fleet/watched_status.hpp"

namespace ubiety {

struct KnownDevice {
  explicit KnownDevice(StatusUpdate update) : device_id(std::move(update.device_id)), latest(update.status) {}

  Status status() const { return latest.status(); }

  DeviceId device_id;
  WatchedStatus latest;
};

// There may be a million of them.
static_assert(sizeof(KnownDevice) == sizeof(StatusUpdate));

}  // namespace ubiety
