// A connection to the store that is opened when it is needed, and again after it failed: a Session for most, a KeyStore
// for who keeps the keys. One thread, but that another holder may close it while it is idle (SharedConnections).
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>

#include "storage/key_store.hpp"
#include "storage/store.hpp"

namespace ubiety {

// What a connection does when the database grants no further one.
enum class Sharing {
  keeps,  // takes an idle one from another, and is never taken from: for who commits
  takes,  // takes an idle one from another, and is taken from
  waits,  // takes none, and is taken from
};

template <class Opened>
class ConnectionTo final : private SharedConnections::Holder {
 public:
  // Is told whether the last use found the store available; returns whether that is news.
  using Notice = std::function<bool(bool available)>;

  // `owner` names the user of the connection in the log. The store outlives it.
  ConnectionTo(Store& store, std::string owner, Notice notice, Sharing sharing = Sharing::takes)
      : store_(store), owner_(std::move(owner)), notice_(std::move(notice)), sharing_(sharing) {
    if (sharing_ != Sharing::keeps) store_.connections().add(*this);
  }
  ~ConnectionTo() override {
    if (sharing_ != Sharing::keeps) store_.connections().remove(*this);
  }
  ConnectionTo(const ConnectionTo&) = delete;
  ConnectionTo& operator=(const ConnectionTo&) = delete;

  // Opens a connection unless there is one, and returns what `action(connection)` returns. A failure that says
  // "unavailable" drops the connection, and so does whatever it throws, which then is the failure.
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

  // Whether there is a connection, opened now if need be. It may be closed by another holder at once.
  bool can_be_used() {
    const Use use(idle_);
    return open().ok();
  }

 private:
  // For as long as it lives, the connection is in use and nobody closes it.
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
  StoreResult<std::unique_ptr<Opened>> open_or_take();
  bool close_if_idle() override;
  void note_success();
  void note_failure(const StoreFailure& failure);

  Store& store_;
  const std::string owner_;
  const Notice notice_;
  const Sharing sharing_;
  // No mutex: the simulation runs uses of several connections within each other, in any order, on one thread.
  std::binary_semaphore idle_{1};
  std::string told_reason_;         // that the log has; for the user
  std::unique_ptr<Opened> opened_;  // for the user, and for who closes it
};

using StoreConnection = ConnectionTo<Session>;
using KeyStoreConnection = ConnectionTo<KeyStore>;

}  // namespace ubiety
