#include "actors/store/spawn.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/send.hpp>

#include <map>
#include <utility>

#include "actors/store/own_thread.hpp"
#include "actors/store/recovery.hpp"
#include "actors/store/startup.hpp"
#include "actors/store/store_connection.hpp"
#include "actors/store/store_watch.hpp"
#include "domain/clock.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto watch_interval = 1s;
constexpr auto fleet_saved_interval = 10s;
constexpr auto return_interval = 100ms;  // while the store is away
constexpr auto housekeeping_interval = 1h;
constexpr auto time_to_hold_expiry = 1h;
constexpr auto max_believed_absence = std::chrono::days(366);
constexpr auto longest_expiry_step = 200ms;

Timestamp midnight_before(Timestamp time) {
  using namespace std::chrono;
  const auto day = floor<days>(sys_time<microseconds>{microseconds{time.microseconds}});
  return {duration_cast<microseconds>(day.time_since_epoch()).count()};
}

// RETENTION_DAYS: removes expired records from the history in small steps, between the housekeeper's other work. On
// both stores a record expires when its timestamp is before the midnight (UTC) that was so many days ago.
class Expiry {
 public:
  // 0 days: nothing expires.
  Expiry(std::chrono::days retention, ServiceState& state) : retention_(retention), state_(state) {}

  // Begins a pass over the history, as of this time.
  void begin(Timestamp now) {
    if (retention_.count() == 0) return;
    under_way_ = true;
    expired_before_ = midnight_before(now - retention_);
  }

  // From here on, what the pass will remove is neither served nor merged.
  void announce() {
    const HistoryChanges::Removal removal(state_.history_changes);
    state_.history_changes.set_expired_before(expired_before_);
  }

  bool is_under_way() const { return under_way_; }

  // Works for a fraction of a second, so that pings and commits do not wait long.
  void go_on(StoreConnection& connection) {
    const auto begin = std::chrono::steady_clock::now();
    auto& metrics = state_.metrics.expiry;
    const HistoryChanges::Removal removal(state_.history_changes);
    state_.history_changes.set_expired_before(expired_before_);
    while (under_way_ && std::chrono::steady_clock::now() - begin < longest_expiry_step) {
      const auto expired = connection.use([&](Session& session) { return session.expire(expired_before_); });
      if (!expired) {
        log::warning("expiry failed", {{"reason", expired.error().message}});
        break;
      }
      records_ += expired->records;
      partitions_ += expired->partitions;
      metrics.records.fetch_add(expired->records, std::memory_order_relaxed);
      metrics.partitions.fetch_add(expired->partitions, std::memory_order_relaxed);
      if (expired->may_not_drop && !std::exchange(told_of_rights_, true))
        log::warning("the role may not drop partitions: expired records are deleted, and empty partitions stay");
      if (!expired->has_more) end();
    }
  }

 private:
  void end() {
    under_way_ = false;
    if (records_ + partitions_ != 0)
      log::info("history expired",
                {{"before", format_timestamp(expired_before_)}, {"records", records_}, {"partitions", partitions_}});
    records_ = partitions_ = 0;
  }

  const std::chrono::days retention_;
  ServiceState& state_;
  bool under_way_ = false, told_of_rights_ = false;
  Timestamp expired_before_ = earliest_timestamp;
  std::uint64_t records_ = 0, partitions_ = 0;  // of this pass
};

class Housekeeper {
 public:
  Housekeeper(caf::blocking_actor* self, Store& store, ServiceState& state, const Clock& clock,
              HousekeeperOptions options)
      : self_(self),
        inbox_(self),
        store_(store),
        state_(state),
        clock_(clock),
        options_(std::move(options)),
        connection_(store, "housekeeper", report_changes(), Sharing::takes, &state.metrics.sessions),
        claim_(store, state.readiness.spool(), state, clock, options_.start_over) {}

  void run() {
    while (!state_.readiness.is_loaded() && !state_.readiness.store_lost() && !start())
      if (exits_within(startup_.pause_before_next_attempt())) return;
    Periodic housekeeping(housekeeping_interval), saving(fleet_saved_interval);
    for (bool answers = true; !exits_within(answers ? watch_interval : return_interval);) {
      if (std::exchange(much_was_freed_, false)) options_.give_back_memory();
      answers = watch_.ping();
      settled_clock_.now();
      if (!answers) continue;
      if (!still_has_store()) return;
      if (!lost_shards_.empty()) recover_lost_shards();
      if (housekeeping.is_due()) keep_house();
      if (saving.is_due()) save_fleet();
      if (expiry_.is_under_way() && Steady::now() >= expire_from_) expiry_.go_on(connection_);
      watch_.note_few_connections();
    }
  }

 private:
  bool exits_within(std::chrono::milliseconds span) {
    return inbox_.exits_within(span, [this](const RecoverShard& lost) { lost_shards_[lost.shard] = lost.incarnation; });
  }

  bool start() {
    const auto begin = Steady::now();
    const auto recovered = startup_.attempt();
    if (!recovered) return false;
    expiry_.begin(settled_clock_.now());
    hold_expiry_after_long_absence(recovered->newest_received);
    if (Steady::now() >= expire_from_) expiry_.announce();  // before the first merge
    much_was_freed_ = true;
    for (const auto& shard : options_.shards) self_->send(shard, ShardRecovered{0});
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin);
    log::info("ready", {{"store", store_.name()}, {"recovery_ms", took.count()}});
    return true;
  }

  // A claim that fails decides nothing: the store may be away, or may have no connection left.
  bool still_has_store() {
    const auto has_store = claim_.has_store();
    return !has_store || *has_store;
  }

  // The spool first: what is forwarded in between is then read twice instead of missed.
  void recover_lost_shards() {
    const LoadShard load_lost = [this](std::uint32_t shard, LoadStored stored) {
      if (lost_shards_.contains(shard)) self_->send(options_.shards[shard], std::move(stored));
    };
    if (auto* const spool = state_.readiness.spool(); spool != nullptr)
      if (const auto read = load_shards_from_spool(*spool, shard_count(), false, load_lost); !read)
        return log::error("shards are not recovered", {{"reason", read.error().message}});
    if (const auto read = load_shards(connection_, shard_count(), load_lost); !read)
      return log::error("shards are not recovered", {{"reason", read.error().message}});
    for (const auto& [shard, incarnation] : lost_shards_)
      self_->send(options_.shards[shard], ShardRecovered{incarnation});
    lost_shards_.clear();
  }

  // What was heard since is taken for heard at the time that was saved.
  void save_fleet() {
    const auto saved = state_.listening.saved();
    const auto past = state_.fleet.to_save();
    const auto done = connection_.use([&](Session& session) -> StoreResult<Done> {
      const auto is_saved = session.save_listening(saved);
      return is_saved && past != saved_past_ ? session.save_fleet_past(past) : is_saved;
    });
    if (done) return static_cast<void>(saved_past_ = past);
    log::warning("the listening clock is not saved", {{"reason", done.error().message}});
  }

  void keep_house() {
    ensure_partitions(connection_, clock_.now());
    expiry_.begin(settled_clock_.now());
  }

  // A wrong clock is likelier than a service that was off for more than a year.
  void hold_expiry_after_long_absence(Timestamp newest_received) {
    if (newest_received == Timestamp{} || clock_.now() - newest_received < max_believed_absence) return;
    if (options_.retention.count() == 0) return;
    expire_from_ = Steady::now() + time_to_hold_expiry;
    log::warning("nothing expires for an hour: the clock is more than a year ahead of the newest report. Is it right?",
                 {{"newest_received", format_timestamp(newest_received)}});
  }

  std::uint32_t shard_count() const { return static_cast<std::uint32_t>(options_.shards.size()); }

  Startup::Options startup_options() {
    const auto load_shard = [this](std::uint32_t shard, LoadStored stored) {
      self_->send(options_.shards[shard], std::move(stored));
    };
    return {options_.may_migrate, shard_count(), load_shard, [this] { wait_for_shards(); }, options_.give_up};
  }

  // A shard answers after it has handled what was sent to it before.
  void wait_for_shards() {
    const CollectUnmerged nothing{std::make_shared<const log::Positions>(), {}, 0};
    for (const auto& shard : options_.shards)
      self_->request(shard, caf::infinite, nothing).receive([](const UnmergedDevices&) {}, [](const caf::error&) {});
  }

  caf::blocking_actor* self_;
  Inbox inbox_;
  Store& store_;
  ServiceState& state_;
  const Clock& clock_;
  const HousekeeperOptions options_;
  StoreConnection connection_;
  StoreClaim claim_;
  StoreWatch watch_{store_, state_, connection_};
  FleetPast saved_past_;
  SettledClock settled_clock_{clock_};
  Startup startup_{{store_, state_, clock_, connection_, claim_}, startup_options()};
  std::map<std::uint32_t, std::uint64_t> lost_shards_;  // to their incarnations
  bool much_was_freed_ = false;
  Expiry expiry_{options_.retention, state_};
  Steady::time_point expire_from_{};
};

void housekeep(caf::blocking_actor* self, Store* store, ServiceState* state, const Clock* clock,
               const HousekeeperOptions& options) {
  Housekeeper housekeeper(self, *store, *state, *clock, options);
  run_supervised("housekeeper", *state, [&] { housekeeper.run(); });
}

}  // namespace

HousekeeperActor spawn_housekeeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                   HousekeeperOptions options) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of HousekeeperActor.
  return caf::actor_cast<HousekeeperActor>(
      system.spawn<caf::detached>(housekeep, &store, &state, &clock, std::move(options)));
}

}  // namespace ubiety
