#include "actors/store_connection.hpp"

#include "telemetry/log.hpp"

namespace ubiety {

StoreResult<Done> StoreConnection::open() {
  if (session_) return Done{};
  auto opened = store_.open();
  if (!opened) {
    note_failure(opened.error());
    return Failure{opened.error()};
  }
  session_ = std::move(*opened);
  return Done{};
}

void StoreConnection::note_success() {
  if (state_ != nullptr && state_->set_store_connected(true))
    log::info("store connected", {{"store", store_.name()}, {"by", owner_}});
}

void StoreConnection::note_failure(const StoreFailure& failure) {
  session_.reset();
  if (state_ == nullptr || state_->set_store_connected(false))
    log::error("store unavailable", {{"store", store_.name()}, {"by", owner_}, {"reason", failure.message}});
}

}  // namespace ubiety
