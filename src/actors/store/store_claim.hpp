// This process's claim to its spool and its store, which one process at a time may use. Reports the process for which
// this one waits, in Readiness and in the log. One thread.
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
  // `spool` may be nullptr. `start_over` is called once, when the store no longer has what was loaded: nothing may be
  // served then.
  StoreClaim(Store& store, Spool* spool, ServiceState& state, const Clock& clock,
             std::function<void(const std::string& reason)> start_over)
      : store_(store), spool_(spool), state_(state), clock_(clock), start_over_(std::move(start_over)) {}

  // Returns whether this process owns the spool; true if there is none.
  StoreResult<bool> has_spool();
  // Returns whether this process owns the store. On a failure the store did not answer, and nothing changed.
  StoreResult<bool> has_store();

  // Makes sure that no earlier owner can still commit. Call it when the schema is up to date.
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
