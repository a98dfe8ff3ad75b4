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
  told_reason_.clear();
  if (notice_(true)) log::info("store available", {{"store", store_.name()}, {"to", owner_}});
}

void StoreConnection::note_failure(const StoreFailure& failure) {
  session_.reset();
  const bool is_news = notice_(false);
  if (!is_news && failure.message == told_reason_) return;
  told_reason_ = failure.message;
  log::error("store unavailable", {{"store", store_.name()}, {"to", owner_}, {"reason", failure.message}});
}

}  // namespace ubiety
