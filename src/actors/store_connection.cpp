#include "actors/store_connection.hpp"

#include "telemetry/log.hpp"

namespace ubiety {

StoreResult<Done> StoreConnection::open() {
  if (session_) return Done{};
  auto opened = store_.open();
  if (!opened) {
    note_failure(opened.error());
    // Whatever is wrong with the store, it says nothing of the data.
    return Failure{StoreFailure{StoreFailure::Kind::unavailable, opened.error().message}};
  }
  session_ = std::move(*opened);
  return Done{};
}

void StoreConnection::note_success() {
  if (notice_(true)) log::info("store available", {{"store", store_.name()}, {"to", owner_}});
}

void StoreConnection::note_failure(const StoreFailure& failure) {
  session_.reset();
  if (notice_(false))
    log::error("store unavailable", {{"store", store_.name()}, {"to", owner_}, {"reason", failure.message}});
}

}  // namespace ubiety
