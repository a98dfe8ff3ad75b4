#include "actors/store/store_claim.hpp"

#include <memory>
#include <string_view>

#include "telemetry/log.hpp"

namespace ubiety {

StoreResult<bool> StoreClaim::has_spool() {
  if (spool_ == nullptr) return true;
  return settle("spool", spool_->claim(clock_.now()));
}

StoreResult<bool> StoreClaim::has_store() { return settle("store", store_.ownership().claim()); }

StoreResult<Done> StoreClaim::take_over() {
  auto taken = store_.ownership().take_over(clock_.now());
  if (taken && state_.readiness.standing_by_for()) log::info("this process takes over", {{"store", store_.name()}});
  if (taken) state_.readiness.set_owner();
  return taken;
}

StoreResult<bool> StoreClaim::settle(std::string_view what, const StoreResult<Claim>& claim) {
  if (!claim) return Failure{claim.error()};
  if (claim->outcome == Claim::Outcome::owned) return true;
  if (claim->outcome == Claim::Outcome::lost)
    lose(claim->reason);
  else if (state_.readiness.is_accepting())
    lose("another process took the " + std::string(what) + " over: " + to_text(claim->other));
  else
    stand_by(what, claim->other);
  return false;
}

void StoreClaim::stand_by(std::string_view what, const Owner& owner) {
  const auto waited_for = state_.readiness.standing_by_for();
  if (waited_for && *waited_for == owner) return;
  state_.readiness.stand_by_for(std::make_shared<const Owner>(owner));
  log::info("standing by: another process has the store",
            {{"store", store_.name()}, {"what", what}, {"owner", to_text(owner)}});
}

void StoreClaim::lose(const std::string& reason) {
  if (!state_.readiness.lose_store(reason)) return;
  log::error("the store is no longer the one that was loaded", {{"store", store_.name()}, {"reason", reason}});
  start_over_(reason);
}

}  // namespace ubiety
