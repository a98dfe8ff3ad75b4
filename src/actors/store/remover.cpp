#include "actors/store/spawn.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "actors/parcel.hpp"
#include "actors/store/own_thread.hpp"
#include "actors/store/recent_removals.hpp"
#include "actors/store/store_connection.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Kind = RemovalOutcome::Kind;
using Removals = RecentRemovals::Removals;

constexpr auto look_interval = 200ms;  // for an interruption
constexpr auto retry_interval = 250ms;
constexpr std::size_t devices_at_once = 1'000;  // so that a commit, and a shard, takes some milliseconds

class Remover {
 public:
  Remover(caf::blocking_actor* self, Store& store, ServiceState& state, const Clock& clock,
          std::vector<ShardActor> shards)
      : self_(self), inbox_(self), store_(store), state_(state), clock_(clock), shards_(std::move(shards)) {}

  void run() {
    while (!inbox_.exits_within(look_interval, [this](const RemoveDevices& message) { remove(message); })) {
      const auto& readiness = state_.readiness;
      if (readiness.is_loaded() && readiness.is_owner() && readiness.store_answers()) restore_lost_removals();
    }
  }

 private:
  void remove(const RemoveDevices& message) {
    auto found = Steady::now() < message.deadline ? find(message) : std::nullopt;
    if (!found) return message.reply({Kind::unavailable});
    const auto count = found->size();
    if (message.selection.device_id && count == 0) return message.reply({Kind::unknown_device});
    if (message.expected && *message.expected != count) return message.reply({Kind::count_differs, count});
    auto connection = connect();
    std::size_t removed = 0;
    for (bool is_removed = true; is_removed && removed < count;) {
      const auto end = std::min(count, removed + devices_at_once);
      const auto first = found->begin() + static_cast<std::ptrdiff_t>(removed);
      const Removals slice(first, found->begin() + static_cast<std::ptrdiff_t>(end));
      is_removed = make_durable(connection, slice, message);
      if (!is_removed) break;
      forget(slice);
      removed = end;
    }
    if (removed > 0) note(message, removed);
    message.reply(removed == count ? RemovalOutcome{Kind::done, removed} : RemovalOutcome{Kind::unavailable});
  }

  // Only while it works: this connection is rarely needed.
  StoreConnection connect() {
    return {store_, "remover", [](bool available) { return !available; }, Sharing::takes, &state_.metrics.sessions};
  }

  // After an interruption the store may be another: a standby that lacks removals, which would bring the devices back
  // at the next start. One that it has is swept once more, and nothing else.
  void restore_lost_removals() {
    const auto interruptions = state_.interruptions.load(std::memory_order_relaxed);
    if (interruptions == seen_interruptions_) return;
    const auto recent = recent_.get(Steady::now());
    if (!recent.empty()) {
      auto connection = connect();
      for (const auto& removals : recent)
        if (!connection.use([&](Session& session) { return session.remove_devices(removals); })) return;
      ++state_.removals;
      log::info("removals were written again after an interruption", {{"devices", recent_.devices()}});
    }
    seen_interruptions_ = interruptions;
  }

  // Returns nullopt if a shard is not recovered.
  std::optional<Removals> find(const RemoveDevices& message) {
    const auto selection = std::make_shared<const DeviceSelection>(message.selection);
    Removals found;
    const auto shards = static_cast<std::uint32_t>(shards_.size());
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
      if (selection->device_id && shard_of(*selection->device_id, shards) != shard) continue;
      FindDevices request{selection, message.at};
      for (bool more = true; more;) {
        const auto answer = ask<FoundDevices>(shard, request);
        if (answer.removals == nullptr) return std::nullopt;
        found.insert(found.end(), answer.removals->begin(), answer.removals->end());
        request.next = answer.next;
        more = answer.more;
      }
    }
    return found;
  }

  // After a failure the outcome is unknown. Then the removals are written again, though the client may have gone: what
  // is durable must be gone from memory too. Returns false if the store refuses them, or when the service stops.
  bool make_durable(StoreConnection& connection, const Removals& removals, const RemoveDevices& message) {
    for (bool is_repeated = false;; is_repeated = true) {
      const auto done = connection.use([&](Session& session) { return session.remove_devices(removals); });
      if (done) {
        ++state_.removals;
        recent_.add(removals, Steady::now());
        return true;
      }
      if (!is_repeated)
        log::warning("devices are not removed yet",
                     {{"request_id", message.request_id}, {"reason", done.error().message}});
      if (done.error().kind == StoreFailure::Kind::rejected || state_.readiness.store_lost()) return false;
      if (inbox_.exits_within(retry_interval)) return false;
    }
  }

  void forget(const Removals& slice) {
    const auto shards = static_cast<std::uint32_t>(shards_.size());
    std::vector<std::shared_ptr<Removals>> of_shard(shards);
    for (const auto& removal : slice) {
      auto& removals = of_shard[shard_of(removal.device_id, shards)];
      if (removals == nullptr) removals = std::make_shared<Removals>();
      removals->push_back(removal);
    }
    for (std::uint32_t shard = 0; shard < shards; ++shard)
      if (of_shard[shard] != nullptr) ask<ForgotDevices>(shard, ForgetDevices{of_shard[shard]});
    for (const auto& removal : slice) state_.fleet.note(DeviceGone{removal.device_id});
    for (std::uint32_t shard = 0; shard < shards; ++shard)
      if (of_shard[shard] != nullptr) self_->send(shards_[shard], ShowAgain{of_shard[shard]});
  }

  template <class Reply, class Request>
  Reply ask(std::uint32_t shard, const Request& request) {
    Reply answer{};
    self_->request(shards_[shard], caf::infinite, request)
        .receive([&](Reply& reply) { answer = std::move(reply); }, [](const caf::error&) {});
    return answer;
  }

  // Who removed what: one event, however many devices there were.
  void note(const RemoveDevices& message, std::uint64_t removed) {
    const auto& [device_id, filter] = message.selection;
    state_.fleet.note(clock_.now(), RemovalEvent{device_id, filter.prefix, filter.silent_for, removed});
    const auto silent_for = filter.silent_for.value_or(std::chrono::seconds(0));
    if (device_id)
      log::info("device removed", {{"device_id", *device_id}, {"by", message.by}, {"request_id", message.request_id}});
    else
      log::info("devices removed", {{"devices", removed},
                                    {"prefix", filter.prefix},
                                    {"silent_for", silent_for.count()},
                                    {"by", message.by},
                                    {"request_id", message.request_id}});
  }

  caf::blocking_actor* const self_;
  Inbox inbox_;
  Store& store_;
  ServiceState& state_;
  const Clock& clock_;
  const std::vector<ShardActor> shards_;
  RecentRemovals recent_;
  std::uint64_t seen_interruptions_ = 0;
};

void remove_devices(caf::blocking_actor* self, Store* store, ServiceState* state, const Clock* clock,
                    const std::vector<ShardActor>& shards) {
  Remover remover(self, *store, *state, *clock, shards);
  run_supervised("remover", *state, [&] { remover.run(); });
}

}  // namespace

RemoverActor spawn_remover(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                           std::vector<ShardActor> shards) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of RemoverActor.
  return caf::actor_cast<RemoverActor>(
      system.spawn<caf::detached>(remove_devices, &store, &state, &clock, std::move(shards)));
}

}  // namespace ubiety
