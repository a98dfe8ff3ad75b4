#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "actors/store/own_thread.hpp"
#include "actors/store/spawn.hpp"
#include "actors/store/store_connection.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Kind = MuteOutcome::Kind;

constexpr auto start_interval = 20ms;
constexpr auto look_interval = 100ms;  // for a mute that has ended

class MuteKeeper {
 public:
  MuteKeeper(caf::blocking_actor* self, Store& store, ServiceState& state, const Clock& clock,
             std::vector<ShardActor> shards)
      : self_(self), inbox_(self), store_(store), state_(state), clock_(clock), shards_(std::move(shards)) {}

  // Until the service has loaded, the table of mutes may be missing.
  void run() {
    while (!state_.readiness.is_loaded())
      if (exits_within(start_interval)) return;
    do {
      if (!is_known_) load();
      if (is_known_) end_some();
    } while (!exits_within(look_interval));
  }

 private:
  bool exits_within(std::chrono::milliseconds span) {
    return inbox_.exits_within(span, [this](const ManageMutes& message) { manage(message); });
  }

  // Only while it works: this connection is rarely needed.
  template <class Action>
  auto use(Action action) {
    StoreConnection connection(
        store_, "mutes", [](bool available) { return !available; }, Sharing::takes, &state_.metrics.sessions);
    return connection.use(action);
  }

  void load() {
    const auto stored = use([](Session& session) { return session.mutes(); });
    if (!stored) return;
    Mutes mutes;
    for (const auto& mute : *stored) mutes.set(mute);
    is_known_ = true;
    publish(std::move(mutes));
  }

  void publish(Mutes mutes) {
    mutes_ = std::make_shared<const Mutes>(std::move(mutes));
    state_.mutes.store(mutes_);
    for (const auto& shard : shards_) self_->send(shard, MutesChanged{mutes_});
  }

  // The store forgets them when it can: what it still has at the next start has ended, too.
  void end_some() {
    const auto now = clock_.now();
    std::vector<MuteTarget> ended;
    for (const auto& [target, until, by] : mutes_->all())
      if (until <= now) ended.push_back(target);
    if (ended.empty()) return;
    auto mutes = *mutes_;
    for (const auto& target : ended) {
      mutes.remove(target);
      state_.fleet.note(now, MuteEvent{target, {}});
      log::info("a mute has ended", {{name_of(target.kind), target.text}});
    }
    publish(std::move(mutes));
    const auto done = use([&](Session& session) { return session.remove_mutes(ended); });
    if (!done) log::warning("the store has mutes that have ended", {{"reason", done.error().message}});
  }

  void manage(const ManageMutes& message) {
    if (!is_known_ && state_.readiness.is_loaded()) load();
    if (message.deadline <= std::chrono::steady_clock::now() || !is_known_) return message.reply({Kind::unavailable});
    message.reply(std::visit([&](const auto& command) { return carry_out(command, message); }, message.command));
  }

  // After a failure the store may have the change or not: it is read again.
  MuteOutcome failed() {
    is_known_ = false;
    return {Kind::unavailable};
  }

  MuteOutcome carry_out(const SetMute& command, const ManageMutes& message) {
    const auto& mute = command.mute;
    if (mutes_->find(mute.target) == nullptr && mutes_->size() >= most_mutes) return {Kind::too_many};
    if (!use([&](Session& session) { return session.save_mute(mute); })) return failed();
    auto mutes = *mutes_;
    mutes.set(mute);
    publish(std::move(mutes));
    state_.fleet.note(clock_.now(), MuteEvent{mute.target, mute.until});
    log::info("muted", {{name_of(mute.target.kind), mute.target.text},
                        {"until", format_timestamp(mute.until)},
                        {"by", message.by},
                        {"request_id", message.request_id}});
    return {Kind::done};
  }

  MuteOutcome carry_out(const EndMute& command, const ManageMutes& message) {
    const std::vector<MuteTarget> targets{command.target};
    if (mutes_->find(command.target) == nullptr) return {Kind::unknown};
    if (!use([&](Session& session) { return session.remove_mutes(targets); })) return failed();
    auto mutes = *mutes_;
    mutes.remove(command.target);
    publish(std::move(mutes));
    state_.fleet.note(clock_.now(), MuteEvent{command.target, {}});
    log::info(
        "unmuted",
        {{name_of(command.target.kind), command.target.text}, {"by", message.by}, {"request_id", message.request_id}});
    return {Kind::done};
  }

  caf::blocking_actor* const self_;
  Inbox inbox_;
  Store& store_;
  ServiceState& state_;
  const Clock& clock_;
  const std::vector<ShardActor> shards_;
  std::shared_ptr<const Mutes> mutes_ = std::make_shared<const Mutes>();
  bool is_known_ = false;  // whether `mutes_` is what the store has
};

void keep_mutes(caf::blocking_actor* self, Store* store, ServiceState* state, const Clock* clock,
                const std::vector<ShardActor>& shards) {
  MuteKeeper keeper(self, *store, *state, *clock, shards);
  run_supervised("mute keeper", *state, [&] { keeper.run(); });
}

}  // namespace

MuteKeeperActor spawn_mute_keeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                  std::vector<ShardActor> shards) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of MuteKeeperActor.
  return caf::actor_cast<MuteKeeperActor>(
      system.spawn<caf::detached>(keep_mutes, &store, &state, &clock, std::move(shards)));
}

}  // namespace ubiety
