#include "actors/store/store_connection.hpp"

#include "telemetry/log.hpp"

namespace ubiety {
namespace {

template <class Opened>
StoreResult<std::unique_ptr<Opened>> open_in(Store& store);

template <>
StoreResult<std::unique_ptr<Session>> open_in<Session>(Store& store) {
  return store.open();
}

template <>
StoreResult<std::unique_ptr<KeyStore>> open_in<KeyStore>(Store& store) {
  return store.open_keys();
}

}  // namespace

template <class Opened>
StoreResult<Done> ConnectionTo<Opened>::open() {
  if (opened_) return Done{};
  auto opened = open_in<Opened>(store_);
  if (!opened) {
    note_failure(opened.error());
    // Whatever is wrong with the store, it says nothing of the data.
    return Failure{StoreFailure{StoreFailure::Kind::unavailable, opened.error().message}};
  }
  opened_ = std::move(*opened);
  return Done{};
}

template <class Opened>
void ConnectionTo<Opened>::note_success() {
  told_reason_.clear();
  if (notice_(true)) log::info("store available", {{"store", store_.name()}, {"to", owner_}});
}

template <class Opened>
void ConnectionTo<Opened>::note_failure(const StoreFailure& failure) {
  opened_.reset();
  const bool is_news = notice_(false);
  if (!is_news && failure.message == told_reason_) return;
  told_reason_ = failure.message;
  log::error("store unavailable", {{"store", store_.name()}, {"to", owner_}, {"reason", failure.message}});
}

template class ConnectionTo<Session>;
template class ConnectionTo<KeyStore>;

}  // namespace ubiety
