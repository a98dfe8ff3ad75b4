// `ubietyd verify`: rebuilds the latest statuses from the whole history and compares them with what a start would
// recover, and with what a running node serves. Blocking; one thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "domain/status_order.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"
#include "verify/node.hpp"

namespace ubiety::verify {

struct Difference {
  DeviceId device_id;
  std::string what;  // for a person
};

struct Outcome {
  std::size_t devices = 0;             // that have a history
  std::size_t only_in_checkpoint = 0;  // devices whose history has expired
  std::vector<Difference> differences;
};

// `spool` of the node, or nullptr: what waits there counts as history. Without a URL only the store is looked at.
// Updates that the node receives after `started` are no difference. The failure is of the store, or that the node does
// not answer.
StoreResult<Outcome> run(Session& session, Spool* spool, Timestamp started, NewerThan newer_than,
                         const NodeAddress& node_address);

}  // namespace ubiety::verify
