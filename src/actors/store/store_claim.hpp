// This process's claim to its spool and its store, from which one process at a time serves. Notes in ServiceState and
// in the log for which process this one waits. One thread.
#pragma once

#include <functional>
#include <string>

#include "actors/service_state.hpp"
#include "domain/clock.hpp"
#include "storage/spool.hpp"
#include "storage/store.hpp"

namespace ubiety {

class StoreClaim {
 public:
  // `spool` is nullptr where there is none. `start_over` is called, once, when what was loaded is no longer what the
  // store has: nothing may be served from it then.
  StoreClaim(Store& store, Spool* spool, ServiceState& state, const Clock& clock,
             std::function<void(const std::string& reason)> start_over)
      : store_(store), spool_(spool), state_(state), clock_(clock), start_over_(std::move(start_over)) {}

  // Returns whether this process owns the spool; true where there is none.
  StoreResult<bool> has_spool();
  // Returns whether this process owns the store. On a failure the store did not answer: nothing is known or changed.
  StoreResult<bool> has_store();

  // Makes sure that no earlier owner can commit any more. Call it when the schema is up to date.
  StoreResult<Done> take_over();

 private:
  StoreResult<bool> settle(std::string_view what, const StoreResult<Claim>& claim);
  void stand_by(std::string_view what, const Owner& owner);
  void lose(const std::string& reason);

  Store& store_;
  Spool* const spool_;
  ServiceState& state_;
  const Clock& clock_;
  const std::function<void(const std::string&)> start_over_;
};

}  // namespace ubiety
