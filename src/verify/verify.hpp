// `ubietyd verify`: rebuilds the latest statuses from the whole history. Compares them with the statuses that a start
// would recover and with those that a running node serves. Blocking; one thread.
#pragma once

#include <cstddef>
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
};

struct Outcome {
  std::size_t devices = 0;             // with a history
  std::size_t only_in_checkpoint = 0;  // devices whose history has expired
  std::vector<Difference> differences;
};

// The updates in `spool`, which may be nullptr, count as history. Without a URL only the store is checked. Updates that
// the node receives after `started` are not differences. Fails if the store fails or the node does not answer.
StoreResult<Outcome> run(Session& session, Spool* spool, Timestamp started, NewerThan newer_than,
                         const NodeAddress& node_address);

}  // namespace ubiety::verify
