// A connection to the store that is opened when it is needed, and again after it failed: a Session for most, a KeyStore
// for who keeps the keys. One thread.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>

#include "storage/key_store.hpp"
#include "storage/store.hpp"

namespace ubiety {

template <class Opened>
class ConnectionTo {
 public:
  // Is told whether the last use found the store available; gives whether that is news.
  using Notice = std::function<bool(bool available)>;

  // `owner` names the user of the connection in the log.
  ConnectionTo(Store& store, std::string owner, Notice notice)
      : store_(store), owner_(std::move(owner)), notice_(std::move(notice)) {}

  // Opens a connection unless there is one, and gives what `action(connection)` gives. A failure that says
  // "unavailable" drops the connection, and so does whatever it throws, which then is the failure.
  template <class Action>
  auto use(Action action) -> decltype(action(std::declval<Opened&>())) {
    if (auto opened = open(); !opened) return Failure{opened.error()};
    auto outcome = attempt(action);
    if (outcome || outcome.error().kind == StoreFailure::Kind::rejected)
      note_success();
    else
      note_failure(outcome.error());
    return outcome;
  }

 private:
  template <class Action>
  auto attempt(Action& action) -> decltype(action(std::declval<Opened&>())) {
    try {
      return action(*opened_);
    } catch (const std::exception& error) {
      return Failure{StoreFailure{StoreFailure::Kind::unavailable, error.what()}};
    }
  }

  StoreResult<Done> open();
  void note_success();
  void note_failure(const StoreFailure& failure);

  Store& store_;
  const std::string owner_;
  const Notice notice_;
  std::string told_reason_;  // that the log has
  std::unique_ptr<Opened> opened_;
};

using StoreConnection = ConnectionTo<Session>;
using KeyStoreConnection = ConnectionTo<KeyStore>;

}  // namespace ubiety
