// A connection to the store, opened on first use and again after a failure: a Session, or a KeyStore for the key
// keeper. One thread, except that another holder may close it while it is idle (SharedConnections).
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>

#include "actors/service_state.hpp"
#include "storage/key_store.hpp"
#include "storage/store.hpp"

namespace ubiety {

// What a connection does when the database grants no further one.
enum class Sharing {
  keeps,  // takes an idle one from another, and is never taken from: for commits
  takes,  // takes an idle one from another, waits a moment if there is none, and is taken from
  asks,   // takes an idle one from another, and is taken from
  waits,  // takes none, and is taken from
};

template <class Opened>
class ConnectionTo final : private SharedConnections::Holder {
 public:
  // Called after each use with whether the store was available. Returns whether to log that.
  using Notice = std::function<bool(bool available)>;

  // `owner` names the user of the connection in the log. `sessions` counts what is opened. Both references outlive
  // this.
  ConnectionTo(Store& store, std::string owner, Notice notice, Sharing sharing = Sharing::takes,
               SessionMetrics* sessions = nullptr)
      : store_(store), owner_(std::move(owner)), notice_(std::move(notice)), sharing_(sharing), sessions_(sessions) {
    if (sharing_ != Sharing::keeps) store_.connections().add(*this);
  }
  ~ConnectionTo() override {
    if (sharing_ != Sharing::keeps) store_.connections().remove(*this);
  }
  ConnectionTo(const ConnectionTo&) = delete;
  ConnectionTo& operator=(const ConnectionTo&) = delete;

  // Opens a connection unless there is one, and returns what `action(connection)` returns. An "unavailable" failure
  // closes the connection; so does an exception, which is returned as such a failure.
  template <class Action>
  auto use(Action action) -> decltype(action(std::declval<Opened&>())) {
    const Use use(idle_);
    if (auto opened = open(); !opened) return Failure{opened.error()};
    auto outcome = attempt(action);
    if (outcome || outcome.error().kind == StoreFailure::Kind::rejected)
      note_success();
    else
      note_failure(outcome.error());
    return outcome;
  }

  // The same without notices: what is read may fail by itself.
  template <class Action>
  auto use_quietly(Action action) -> decltype(action(std::declval<Opened&>())) {
    const Use use(idle_);
    if (!opened_) {
      auto opened = open_or_take();
      if (!opened) return Failure{opened.error()};
      opened_ = std::move(*opened);
    }
    auto outcome = attempt(action);
    if (!outcome && outcome.error().kind != StoreFailure::Kind::rejected) opened_.reset();
    return outcome;
  }

  // Opens a connection unless there is one. Returns whether there is one now; another holder may close it soon after.
  bool can_be_used() {
    const Use use(idle_);
    return open().ok();
  }

 private:
  // While it exists, no other holder closes the connection.
  class Use {
   public:
    explicit Use(std::binary_semaphore& idle) : idle_(idle) { idle_.acquire(); }
    ~Use() { idle_.release(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    std::binary_semaphore& idle_;
  };

  template <class Action>
  auto attempt(Action& action) -> decltype(action(std::declval<Opened&>())) {
    try {
      return action(*opened_);
    } catch (const std::exception& error) {
      return Failure{StoreFailure{StoreFailure::Kind::unavailable, error.what()}};
    }
  }

  StoreResult<Done> open();
  StoreResult<std::unique_ptr<Opened>> open_new();
  StoreResult<std::unique_ptr<Opened>> open_or_take();
  bool close_if_idle() override;
  void note_success();
  void note_failure(const StoreFailure& failure);

  Store& store_;
  const std::string owner_;
  const Notice notice_;
  const Sharing sharing_;
  SessionMetrics* const sessions_;  // nullptr: nothing is counted
  // Not a mutex: the simulation nests uses of several connections, in any order, on one thread.
  std::binary_semaphore idle_{1};
  std::string logged_reason_;       // of the last failure; for the user
  std::unique_ptr<Opened> opened_;  // for the user, and for a holder that closes it
};

using StoreConnection = ConnectionTo<Session>;
using KeyStoreConnection = ConnectionTo<KeyStore>;

// Returns a notice that reports each change; the store counts as available at first.
StoreConnection::Notice report_changes();

}  // namespace ubiety
