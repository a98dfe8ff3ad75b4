// A session that is opened when it is needed, and again after it failed. One thread.
#pragma once

#include <memory>
#include <string>

#include "actors/service_state.hpp"
#include "storage/store.hpp"

namespace ubiety {

class StoreConnection {
 public:
  // `owner` names the user of the connection in the log. `state`, if given, is told whether the store answers: by the
  // writer and the housekeeper, whose calls fail for no other reason.
  StoreConnection(Store& store, ServiceState* state, std::string owner)
      : store_(store), state_(state), owner_(std::move(owner)) {}

  // Opens a session unless there is one, and gives what `action(session)` gives. A failure that says "unavailable"
  // drops the session.
  template <class Action>
  auto use(Action action) -> decltype(action(std::declval<Session&>())) {
    if (auto opened = open(); !opened) return Failure{opened.error()};
    auto outcome = action(*session_);
    if (outcome || outcome.error().kind == StoreFailure::Kind::rejected)
      note_success();
    else
      note_failure(outcome.error());
    return outcome;
  }

 private:
  StoreResult<Done> open();
  void note_success();
  void note_failure(const StoreFailure& failure);

  Store& store_;
  ServiceState* state_;
  const std::string owner_;
  std::unique_ptr<Session> session_;
};

}  // namespace ubiety
