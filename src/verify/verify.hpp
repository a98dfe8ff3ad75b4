// `ubietyd verify`: rebuilds the latest statuses from the whole history and the log. Compares them with the statuses
// that a start would recover and with those that a running node serves. Finds what cannot be read. Blocking; one
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "domain/status.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"
#include "verify/node.hpp"

namespace ubiety::verify {

struct Difference {
  DeviceId device_id;
  std::string what;  // for a person
  // What repair() writes. nullopt if the store agrees with itself, but not with the node.
  std::optional<log::LatestStatus> right{};
};

struct Outcome {
  std::size_t devices = 0;  // with a history
  std::size_t expired = 0;  // devices whose history has expired
  std::vector<Difference> differences;
  std::vector<std::string> damage;  // rows and histories that cannot be read, for a person

  // Latest statuses that cannot be read, for a person, and what repair() writes then: the right ones of all devices.
  std::vector<std::string> damaged_latest;
  std::vector<log::LatestStatus> all_right;

  bool is_good() const { return differences.empty() && damage.empty() && damaged_latest.empty(); }
};

// The updates in `spool`, which may be nullptr, count as history. Without a URL only the store is checked. Updates that
// the node receives after `started` are not differences. A device whose history cannot be read is not compared. Fails
// if the store fails or the node does not answer.
StoreResult<Outcome> run(Session& session, Spool* spool, Timestamp started, NewerThan newer_than,
                         const NodeAddress& node_address);

// Writes the latest statuses that run() rebuilt, where a start would recover others; those of all devices if some
// cannot be read. Only for the process that owns the store. Returns the number of devices.
StoreResult<std::size_t> repair(Session& session, const Outcome& outcome);

}  // namespace ubiety::verify
