#include "actors/store/housekeeper.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <map>
#include <utility>

#include "actors/steady_receive.hpp"
#include "actors/store/checkpoint.hpp"
#include "actors/store/expiry.hpp"
#include "actors/store/failure_notice.hpp"
#include "actors/store/recovery.hpp"
#include "actors/store/store_claim.hpp"
#include "actors/store/store_connection.hpp"
#include "actors/supervised_thread.hpp"
#include "domain/receive_clock.hpp"
#include "domain/settled_clock.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto watch_interval = 1s;
constexpr auto return_interval = 100ms;  // while the store is away
constexpr auto recovery_interval = 250ms;
constexpr auto patience_for_owner = 2s;  // of a standby, when the store was away
constexpr auto housekeeping_interval = 1h;
constexpr auto time_to_hold_expiry = 1h;
constexpr auto most_believed_absence = std::chrono::days(366);
constexpr auto time_to_tell_of_refusals = 60s;

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
        claim_(store, state.spool(), state, clock, options_.start_over) {}

  void run() {
    while (!state_.loaded() && !state_.store_lost() && !recover())
      if (told_to_exit_within(pause_before_next_attempt())) return;
    auto next_checkpoint = Steady::now() + options_.checkpoint_interval;
    auto next_housekeeping = Steady::now() + housekeeping_interval;
    for (bool answers = true; !told_to_exit_within(answers ? watch_interval : return_interval);) {
      if (std::exchange(much_was_freed_, false)) options_.give_back_memory();
      answers = ping();
      const auto settled_now = settled_clock_.now();
      if (!answers) continue;
      if (!still_has_store()) return;
      lower_watermark_ahead_of_clock();
      if (!lost_shards_.empty()) recover_lost_shards();
      if (due(next_checkpoint, options_.checkpoint_interval)) write_checkpoint(settled_now);
      if (due(next_housekeeping, housekeeping_interval)) keep_house();
      if (expiry_.is_under_way() && Steady::now() >= expire_from_ && expiry_.go_on(connection_))
        tell_to_forget_histories();
      note_few_connections();
    }
    if (state_.store_connected()) write_checkpoint(settled_clock_.now());
  }

 private:
  bool told_to_exit_within(std::chrono::milliseconds span) {
    bool exit = false;
    inbox_.receive_within(
        span, [&](const caf::exit_msg&) { exit = true; },
        [&](const RecoverShard& lost) { lost_shards_[lost.shard] = lost.incarnation; });
    return exit;
  }

  static bool due(Steady::time_point& next, Steady::duration interval) {
    if (Steady::now() < next) return false;
    next = Steady::now() + interval;
    return true;
  }

  std::chrono::milliseconds pause_before_next_attempt() const {
    if (gave_up_) return watch_interval * 3600;
    // A store that was away comes back to its owner first.
    return state_.standing_by_for() && !state_.store_answers() ? patience_for_owner : recovery_interval;
  }

  // Nothing is loaded before this process owns the store. While the store is away updates are taken into the spool,
  // which is at hand.
  bool recover() {
    const auto begin = Steady::now();
    const auto has_spool = claim_.has_spool();
    if (!has_spool) return failed(has_spool.error());
    if (!*has_spool) return false;
    const auto has_store = claim_.has_store();
    state_.set_store_answers(has_store.ok());
    if (has_store && !*has_store) return false;
    if (state_.spool() != nullptr && !state_.accepting() && !recover_spool()) return false;
    if (!has_store) return failed(has_store.error());
    const auto identity_before = state_.spool() == nullptr ? std::nullopt : identity();
    if (auto prepared = prepare_schema(store_, options_.may_migrate); !prepared) return failed(prepared.error());
    if (auto taken_over = claim_.take_over(); !taken_over) return failed(taken_over.error());
    if (!bind_spool(identity_before)) return false;
    keep_house();
    auto recovered = load_shards(connection_, shard_count(), load_shard());
    if (!recovered) return failed(recovered.error());
    load_spool_without_floor(*recovered);
    if (const auto went_on = checkpoint_.go_on_after_store(*recovered, clock_.now(), state_.accepting(), connection_);
        !went_on)
      return failed(went_on.error());
    tell_if_ahead(recovered->newest_received);
    hold_expiry_after_long_absence(recovered->newest_received);
    state_.set_store_answers(true);
    state_.set_loaded();
    much_was_freed_ = true;
    for (const auto& shard : options_.shards) self_->send(shard, ShardRecovered{0});
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin);
    log::info("ready", {{"store", store_.name()}, {"recovery_ms", took.count()}});
    return true;
  }

  // A claim that fails says nothing: the store may be away, or may have no connection left for it.
  bool still_has_store() {
    const auto has_store = claim_.has_store();
    return !has_store || *has_store;
  }

  // nullopt while the store does not answer.
  std::optional<std::string> identity() {
    auto known = connection_.use([](Session& session) { return session.identity(); });
    return known ? std::optional(std::move(*known)) : std::nullopt;
  }

  bool recover_spool() {
    auto& spool = *state_.spool();
    if (const auto database = identity(); database && !belongs_to(spool, *database))
      return leave_spool_of_another(spool);
    if (!spool.received_floor()) return true;  // only the store knows the time
    const auto recovered = load_shards_from_spool(spool, shard_count(), load_shard());
    if (!recovered) return leave_unreadable_spool(recovered.error());
    checkpoint_.go_on_after_spool(*recovered);
    state_.set_accepting();
    log::info("the spool is read", {{"waiting", spool.waiting()}});
    return true;
  }

  // It could not be written at an earlier start. What waits in it was not read before the store.
  void load_spool_without_floor(Recovered& recovered) {
    auto* const spool = state_.spool();
    if (spool == nullptr || state_.accepting()) return;
    if (const auto read = load_shards_from_spool(*spool, shard_count(), load_shard()))
      recovered.newest_received = std::max(recovered.newest_received, read->newest_received);
    else
      leave_unreadable_spool(read.error());
  }

  bool leave_unreadable_spool(const StoreFailure& failure) {
    log::error("the spool cannot be read, and is not used", {{"reason", failure.message}});
    return leave_spool(Problem::spool_unusable);
  }

  // A spool that was bound to no database, by an earlier version, belongs to the one that is there, but for a new one.
  static bool belongs_to(const Spool& spool, const std::string& database) {
    const auto bound_to = spool.database();
    return bound_to ? *bound_to == database : !database.empty() || spool.waiting() == 0;
  }

  bool leave_spool_of_another(const Spool& spool) {
    log::error("the spool belongs to another database, and is not used", {{"waiting", spool.waiting()}});
    return leave_spool(Problem::spool_of_another);
  }

  // From here on it is as if there were none.
  bool leave_spool(Problem problem) {
    state_.problems().set(problem, true);
    checkpoint_.leave_spool();
    state_.leave_spool();
    return true;
  }

  // The store may have been away when the spool was read, or empty.
  bool bind_spool(const std::optional<std::string>& identity_before) {
    auto* const spool = state_.spool();
    if (spool == nullptr) return true;
    const auto database = identity();
    if (!database) return false;
    if (!belongs_to(*spool, identity_before.value_or(*database))) {
      if (!state_.accepting()) return leave_spool_of_another(*spool);
      // The latest statuses are those of the other database.
      gave_up_ = true;
      options_.give_up("the spool belongs to another database, and has taken updates for it while this one was away");
      return false;
    }
    if (spool->database()) return true;
    if (const auto bound = spool->bind_to(*database); !bound)
      log::warning("the spool cannot be written", {{"reason", bound.error().message}});
    return true;
  }

  void tell_if_ahead(Timestamp newest_received) {
    const auto ahead = newest_received - clock_.now();
    if (ahead > ReceiveClock::max_ahead)
      log::warning("the store has times of receipt that are ahead of the clock",
                   {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(ahead).count()}});
  }

  // Until that is done, times of receipt that were given while the clock was ahead cannot step back.
  void lower_watermark_ahead_of_clock() {
    const auto now = clock_.now();
    const auto ahead = state_.receipts().floor() - now;
    if (ahead <= ReceiveClock::max_ahead) return;
    log::warning("the stored watermark is ahead of the clock, and is lowered",
                 {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(ahead).count()}});
    if (const auto lowered = checkpoint_.lower_watermark(now, connection_); !lowered)
      log::warning("the watermark stays ahead of the clock", {{"reason", lowered.error().message}});
  }

  std::uint32_t shard_count() const { return static_cast<std::uint32_t>(options_.shards.size()); }

  LoadShard load_shard() {
    return [this](std::uint32_t shard, LoadStatuses statuses) {
      self_->send(options_.shards[shard], std::move(statuses));
    };
  }

  bool failed(const StoreFailure& failure) {
    if (failure.kind == StoreFailure::Kind::rejected) {
      gave_up_ = true;
      options_.give_up(failure.message);
    } else if (waiting_.is_due(failure.message, Steady::now())) {
      log::error("waiting for the store", {{"store", store_.name()}, {"reason", failure.message}});
    }
    return false;
  }

  // The spool first: what is forwarded in between is then read twice, and not missed.
  void recover_lost_shards() {
    const LoadShard load_lost = [this](std::uint32_t shard, LoadStatuses statuses) {
      if (lost_shards_.contains(shard)) self_->send(options_.shards[shard], std::move(statuses));
    };
    if (auto* const spool = state_.spool(); spool != nullptr)
      if (const auto read = load_shards_from_spool(*spool, shard_count(), load_lost); !read)
        return log::error("shards are not recovered", {{"reason", read.error().message}});
    if (const auto read = load_shards(connection_, shard_count(), load_lost); !read)
      return log::error("shards are not recovered", {{"reason", read.error().message}});
    for (const auto& [shard, incarnation] : lost_shards_)
      self_->send(options_.shards[shard], ShardRecovered{incarnation});
    lost_shards_.clear();
  }

  // Only this tells whether the store answers: housekeeping also fails for reasons of its own, a lock for one.
  bool ping() {
    const auto ask = [&] { return connection_.use([](Session& session) { return session.ping(); }); };
    // The session may have died since its last use: a second attempt opens another.
    const bool answered_before = state_.store_answers();
    auto asked = ask();
    const bool lives = asked.ok();
    if (!lives) asked = ask();
    note_durability(asked);
    // Who says that it has no connection left answers; whether it takes commits is seen by the writer.
    const bool has_no_connection = !asked && asked.error().kind == StoreFailure::Kind::no_connection_left;
    const bool answers = asked.ok() || (has_no_connection && answered_before);
    // A standby or a backup in the place of a database that was away may not have its last rows.
    if (answers && !(lives && answered_before)) tell_to_forget_histories();
    if (state_.set_store_answers(answers) && answers) log::info("store answers", {{"store", store_.name()}});
    if (answers) {
      no_answer_.reset();
    } else if (no_answer_.is_due(asked.error().message, Steady::now())) {
      log::error("store does not answer", {{"store", store_.name()}, {"reason", asked.error().message}});
    }
    return answers;
  }

  // A store that would lose what it commits is as good as away: what is committed there is not acknowledged, but goes
  // to the spool if there is one.
  void note_durability(const StoreResult<Done>& pinged) {
    const bool is_durable = pinged.ok() || pinged.error().kind != StoreFailure::Kind::rejected;
    if (!is_durable && state_.spool() != nullptr) state_.set_spooling(true);
    if (!state_.problems().set(Problem::database_not_durable, !is_durable)) return;
    if (is_durable) {
      log::info("the database is durable again", {{"store", store_.name()}});
      if (state_.waiting_in_spool() == 0) state_.set_spooling(false);
    } else {
      log::error("the database would lose what it commits, and gets no updates",
                 {{"store", store_.name()}, {"reason", pinged.error().message}});
    }
  }

  void note_few_connections() {
    const auto refused = store_.connections().last_refusal();
    const bool are_few = refused != Steady::time_point{} && Steady::now() - refused < time_to_tell_of_refusals;
    if (!state_.problems().set(Problem::few_connections, are_few)) return;
    if (are_few)
      log::warning("the database grants fewer connections than are wanted: they are shared",
                   {{"store", store_.name()}});
    else
      log::info("the database has not refused a connection for a minute", {{"store", store_.name()}});
  }

  void tell_to_forget_histories() {
    for (const auto& shard : options_.shards) self_->send(shard, ForgetHistories{});
  }

  void keep_house() {
    const auto kept = connection_.use([&](Session& session) { return session.ensure_partitions(clock_.now()); });
    if (!kept) log::warning("housekeeping failed", {{"reason", kept.error().message}});
    expiry_.begin(settled_clock_.now());
  }

  // Rather a clock that is wrong since the machine's start than a service that was off for more than a year.
  void hold_expiry_after_long_absence(Timestamp newest_received) {
    if (newest_received == Timestamp{} || clock_.now() - newest_received < most_believed_absence) return;
    if (options_.retention.count() == 0) return;
    expire_from_ = Steady::now() + time_to_hold_expiry;
    log::warning("nothing expires for an hour: the clock is more than a year ahead of the newest report. Is it right?",
                 {{"newest_received", format_timestamp(newest_received)}});
  }

  void write_checkpoint(Timestamp settled_now) {
    much_was_freed_ = true;
    if (const auto begun = checkpoint_.begin(connection_); !begun) return checkpoint_failed(begun.error());
    const auto written = write_changes();
    if (!written) return checkpoint_failed(written.error());
    if (*written == Collected::in_part) return log::warning("checkpoint put off", {{"reason", "a shard is lost"}});
    // A clock that runs ahead for a moment would take the watermark with it.
    if (const auto finished = checkpoint_.finish(settled_now, connection_); !finished)
      checkpoint_failed(finished.error());
  }

  enum class Collected : std::uint8_t { in_whole, in_part };

  // A shard does not give the same changes twice: when this is left by an exception, some may be lost, and all statuses
  // are asked for until a collection is whole.
  StoreResult<Collected> write_changes() {
    using Wanted = CollectChanges::Wanted;
    const bool everything = std::exchange(collection_lost_, true);
    auto collected = Collected::in_whole;
    for (const auto& shard : options_.shards) {
      CollectChanges request{checkpoint_.handed_over(), Checkpoint::statuses_per_part,
                             everything ? Wanted::everything : Wanted::changes};
      for (bool more = true; more; request.wanted = Wanted::more) {
        const auto changes = ask(shard, request);
        more = changes.more;
        if (changes.statuses == nullptr) {
          collected = Collected::in_part;
        } else if (auto written = checkpoint_.write(changes, connection_); !written) {
          collection_lost_ = everything;
          return Failure{written.error()};
        }
      }
    }
    collection_lost_ = everything && collected == Collected::in_part;
    return collected;
  }

  // However long it takes.
  ShardChanges ask(const ShardActor& shard, const CollectChanges& request) {
    ShardChanges given{nullptr, {}};
    self_->request(shard, caf::infinite, request)
        .receive([&](ShardChanges& changes) { given = std::move(changes); }, [](const caf::error&) {});
    return given;
  }

  static void checkpoint_failed(const StoreFailure& failure) {
    log::warning("checkpoint failed", {{"reason", failure.message}});
  }

  caf::blocking_actor* self_;
  SteadyReceive inbox_;
  Store& store_;
  ServiceState& state_;
  const Clock& clock_;
  const HousekeeperOptions options_;
  StoreConnection connection_{store_, "housekeeper", [was_available = true](bool available) mutable {
                                return std::exchange(was_available, available) != available;
                              }};
  StoreClaim claim_;
  SettledClock settled_clock_{clock_};
  Checkpoint checkpoint_{state_.receipts(), state_.spool()};
  std::map<std::uint32_t, std::uint64_t> lost_shards_;  // to their incarnations
  bool collection_lost_ = false, much_was_freed_ = false;
  FailureNotice waiting_, no_answer_;
  Expiry expiry_{options_.retention, state_.expiry_metrics()};
  Steady::time_point expire_from_{};
  bool gave_up_ = false;
};

void housekeep(caf::blocking_actor* self, Store* store, ServiceState* state, const Clock* clock,
               const HousekeeperOptions& options) {
  Housekeeper housekeeper(self, *store, *state, *clock, options);
  run_supervised("housekeeper", *state, [&] { housekeeper.run(); });
}

}  // namespace

HousekeeperActor spawn_housekeeper(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                                   HousekeeperOptions options) {
  // CAF 0.17 has no typed blocking actor. What it receives is what HousekeeperActor says.
  return caf::actor_cast<HousekeeperActor>(
      system.spawn<caf::detached>(housekeep, &store, &state, &clock, std::move(options)));
}

}  // namespace ubiety
