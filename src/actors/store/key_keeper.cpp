#include "actors/store/spawn.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>

#include <utility>

#include "actors/store/own_thread.hpp"
#include "actors/store/store_connection.hpp"
#include "keys/key_ring.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Kind = KeyOutcome::Kind;

constexpr auto start_interval = 20ms;
// A revocation takes effect within a second everywhere.
constexpr auto poll_interval = 250ms;
// Every change raises the version, but a database that was restored to an earlier state may reach the same number
// again.
constexpr auto reload_interval = 30s;
constexpr auto write_interval = 60s;  // of the times of use

Kind kind_of(RotationOutcome outcome) {
  switch (outcome) {
    case RotationOutcome::rotated: return Kind::done;
    case RotationOutcome::unknown: return Kind::unknown_key;
    case RotationOutcome::not_live: return Kind::not_live;
    case RotationOutcome::replaced: break;
  }
  return Kind::replaced;
}

class KeyKeeper {
 public:
  KeyKeeper(caf::blocking_actor* self, Store& store, ServiceState& state, const Clock& clock,
            keys::PublishedKeys& published)
      : inbox_(self),
        state_(state),
        clock_(clock),
        published_(published),
        connection_(store, "keys", unnoticed, Sharing::takes, &state.metrics.sessions) {}

  void run() {
    // Until then the table of keys may be missing.
    while (!state_.readiness.is_loaded())
      if (exits_within(start_interval)) return;
    while (!inbox_.exits()) {
      if (polls_.is_due()) look_for_changes();
      if (writes_.is_due()) write_uses();
      exits_within(polls_.next() - Steady::now());
    }
    write_uses();
  }

 private:
  // Only the housekeeper decides whether the store is away.
  static bool unnoticed(bool) { return false; }

  bool exits_within(Steady::duration span) {
    return inbox_.exits_within(span, [this](ManageKeys& message) { manage(message); });
  }

  // While the store is away the keys stay as last known; they still expire.
  void look_for_changes() {
    const auto version = connection_.use([](KeyStore& store) { return store.version(); });
    if (!version) return;
    if (version_ == *version && !reloads_.is_due()) return;
    load();
  }

  void load() {
    const auto stored = connection_.use([](KeyStore& store) { return store.all(); });
    if (!stored) return;
    published_.publish(keys::ring_of(stored->keys, uses_));
    reloads_.restart();
    if (std::exchange(version_, stored->version) == stored->version) return;
    log::debug("keys loaded", {{"version", stored->version}, {"keys", stored->keys.size()}});
    state_.readiness.set_knows_keys();
  }

  void write_uses() {
    const auto steady_now = Steady::now();
    const auto used = uses_.unwritten(steady_now, clock_.now());
    if (used.empty()) return;
    if (connection_.use([&](KeyStore& store) { return store.note_uses(used); })) uses_.written(used, steady_now);
  }

  void manage(const ManageKeys& message) {
    if (message.deadline <= Steady::now() || !version_) return message.reply({Kind::unavailable});
    auto outcome = std::visit([this](const auto& command) { return carry_out(command); }, message.command);
    if (!std::holds_alternative<ListKeys>(message.command)) {
      load();
      note(message, outcome);
    }
    message.reply(std::move(outcome));
  }

  KeyOutcome carry_out(const ListKeys&) {
    write_uses();
    auto stored = connection_.use([](KeyStore& store) { return store.all(); });
    if (!stored) return {Kind::unavailable};
    return {Kind::done, std::move(stored->keys)};
  }

  KeyOutcome carry_out(const CreateKey& command) {
    auto issued = connection_.use([&](KeyStore& store) { return keys::issue(store, command.request, clock_.now()); });
    if (!issued) return {Kind::unavailable};
    return {Kind::done, {std::move(issued->key)}, std::move(issued->plain)};
  }

  KeyOutcome carry_out(const RevokeKey& command) {
    const auto attempt = [&] {
      return connection_.use([&](KeyStore& store) { return store.revoke(command.id, clock_.now()); });
    };
    auto revoked = attempt();
    if (!revoked) revoked = attempt();  // with another connection; a revocation is idempotent
    if (!revoked) return {Kind::unavailable};
    if (!*revoked) return {Kind::unknown_key};
    return {Kind::done, {std::move(**revoked)}};
  }

  KeyOutcome carry_out(const RotateKey& command) {
    auto rotation =
        connection_.use([&](KeyStore& store) { return keys::rotate(store, command.id, command.grace, clock_.now()); });
    if (!rotation) return {Kind::unavailable};
    return {kind_of(rotation->outcome), {std::move(rotation->key)}, std::move(rotation->plain)};
  }

  // Logs which key was changed, and by which.
  static void note(const ManageKeys& message, const KeyOutcome& outcome) {
    if (outcome.kind != Kind::done) return;
    const auto& key = outcome.keys.front();
    const auto* event = std::holds_alternative<RevokeKey>(message.command)   ? "key revoked"
                        : std::holds_alternative<RotateKey>(message.command) ? "key rotated"
                                                                             : "key created";
    log::info(event, {{"key", key.id},
                      {"name", key.name},
                      {"scopes", to_text(key.scopes)},
                      {"replaces", key.replaces.value_or(0)},
                      {"by", message.by},
                      {"request_id", message.request_id}});
  }

  Inbox inbox_;
  ServiceState& state_;
  const Clock& clock_;
  keys::PublishedKeys& published_;
  KeyStoreConnection connection_;
  keys::KeyUses uses_;
  std::optional<std::int64_t> version_;  // of what is published
  Periodic polls_{poll_interval, Periodic::Begins::at_once};
  Periodic reloads_{reload_interval};
  Periodic writes_{write_interval};
};

void keep_keys(caf::blocking_actor* self, Store* store, ServiceState* state, const Clock* clock,
               keys::PublishedKeys* published) {
  KeyKeeper keeper(self, *store, *state, *clock, *published);
  run_supervised("key keeper", *state, [&] { keeper.run(); });
}

}  // namespace

KeyKeeperActor spawn_key_keeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                keys::PublishedKeys& published) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of KeyKeeperActor.
  return caf::actor_cast<KeyKeeperActor>(system.spawn<caf::detached>(keep_keys, &store, &state, &clock, &published));
}

}  // namespace ubiety
