#include "actors/store/store_connection.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Kind = StoreFailure::Kind;

// A server takes a moment to count a connection as closed.
constexpr auto time_to_take = 500ms;
constexpr auto pause = 20ms;

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
  auto opened = open_or_take();
  if (opened) {
    opened_ = std::move(*opened);
    return Done{};
  }
  const bool is_refused = opened.error().kind == Kind::no_connection_left;
  // A refused connection that is only for speed, or has a substitute, does not mean that the store is away.
  const bool may_be_refused = sharing_ == Sharing::waits || sharing_ == Sharing::asks;
  if (!is_refused || !may_be_refused) note_failure(opened.error());
  // A failure to open never means that the data is rejected.
  return Failure{StoreFailure{is_refused ? Kind::no_connection_left : Kind::unavailable, opened.error().message}};
}

template <class Opened>
StoreResult<std::unique_ptr<Opened>> ConnectionTo<Opened>::open_new() {
  auto opened = open_in<Opened>(store_);
  if (sessions_ != nullptr) sessions_->count(opened.ok());
  return opened;
}

template <class Opened>
StoreResult<std::unique_ptr<Opened>> ConnectionTo<Opened>::open_or_take() {
  auto opened = open_new();
  const auto is_refused = [&] { return !opened && opened.error().kind == Kind::no_connection_left; };
  if (is_refused()) store_.connections().note_refusal(std::chrono::steady_clock::now());
  const auto deadline = std::chrono::steady_clock::now() + time_to_take;
  bool has_taken = false;
  while (is_refused() && sharing_ != Sharing::waits && std::chrono::steady_clock::now() < deadline) {
    if (!has_taken) has_taken = store_.connections().close_an_idle_one(*this);
    if (!has_taken && sharing_ == Sharing::asks) break;
    std::this_thread::sleep_for(pause);
    opened = open_new();
  }
  return opened;
}

template <class Opened>
bool ConnectionTo<Opened>::close_if_idle() {
  if (!idle_.try_acquire()) return false;
  const bool is_open = opened_ != nullptr;
  opened_.reset();
  idle_.release();
  return is_open;
}

template <class Opened>
void ConnectionTo<Opened>::note_success() {
  logged_reason_.clear();
  if (notice_(true)) log::info("store available", {{"store", store_.name()}, {"to", owner_}});
}

template <class Opened>
void ConnectionTo<Opened>::note_failure(const StoreFailure& failure) {
  opened_.reset();
  const bool is_news = notice_(false);
  if (!is_news && failure.message == logged_reason_) return;
  logged_reason_ = failure.message;
  log::error("store unavailable", {{"store", store_.name()}, {"to", owner_}, {"reason", failure.message}});
}

StoreConnection::Notice report_changes() {
  return
      [was_available = true](bool available) mutable { return std::exchange(was_available, available) != available; };
}

template class ConnectionTo<Session>;
template class ConnectionTo<KeyStore>;

}  // namespace ubiety
