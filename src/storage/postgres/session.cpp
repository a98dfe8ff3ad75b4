// A session of the store in PostgreSQL; storage/store.hpp specifies the calls.
#include <chrono>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "storage/log/merge_plan.hpp"
#include "storage/postgres/all_records.hpp"
#include "storage/postgres/compaction.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/fleet_table.hpp"
#include "storage/postgres/history_reader.hpp"
#include "storage/postgres/latest_table.hpp"
#include "storage/postgres/log_load.hpp"
#include "storage/postgres/log_table.hpp"
#include "storage/postgres/mute_table.hpp"
#include "storage/postgres/partitions.hpp"
#include "storage/postgres/removed_table.hpp"
#include "storage/postgres/segment_table.hpp"
#include "storage/postgres/store.hpp"
#include "storage/postgres/watchdog.hpp"
#include "storage/store.hpp"
#include "storage/without_removed.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* find_ledger = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr const char* select_first_migration =
    "SELECT (extract(epoch FROM applied_at) * 1000000)::bigint FROM schema_migrations WHERE number = 1";

// What a merge has deleted from the log, and its older versions of latest statuses. Truncating the log would lock out
// appends. A role that does not own the tables gets a warning.
constexpr const char* reuse_space = "VACUUM (SKIP_LOCKED, TRUNCATE false) update_log, device_latest";

constexpr const char* no_time_limit = "SET LOCAL statement_timeout = 0";  // until the transaction ends

class PostgresSession final : public Session {
 public:
  // Connects, and waits until all abandoned backends are gone. The context outlives the session. Throws SqlError and
  // UnfitServer.
  explicit PostgresSession(StoreContext& context)
      : context_(context),
        connection_(context.url, &context.watchdog, context.demands),
        log_(connection_),
        latest_(connection_, context.newer_than),
        segments_(connection_),
        compactor_(connection_, context.epoch, context.open_days),
        history_reader_(connection_, context.partition_changes),
        partition_keeper_(connection_, context.epoch, context.partition_span, context.partition_changes),
        removed_(connection_, context.epoch, context.open_days) {
    const CallLimit limit(*connection_.socket(), housekeeping_limit);
    context_.abandoned.end_all(connection_);
  }

  StoreResult<Done> open_stream(log::StreamId stream) override;
  StoreResult<Done> append(log::Position position, const UpdateList& updates) override;
  StoreResult<std::int64_t> last_appended(log::StreamId stream) override;
  StoreResult<Done> append_once(const std::vector<log::Row>& rows) override;
  StoreResult<Done> load(LoadSink& sink) override;
  StoreResult<HistoryPage> history(const HistoryQuery& query,
                                   const std::vector<log::UnmergedRecord>& unmerged) override;
  StoreResult<Done> read_span(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                              const RecordSink& sink) override;
  StoreResult<std::vector<bool>> has_records(const UpdateList& updates) override;
  StoreResult<Done> read_all(const Selection& selection, const StatusSink& sink) override;
  StoreResult<log::Positions> merge(const log::Positions& through, log::MergeSource& source) override;
  StoreResult<log::Positions> lost_merges() override;
  StoreResult<Compacted> compact(Timestamp now) override;
  StoreResult<Done> write_latest(std::span<const log::LatestStatus> statuses) override;
  StoreResult<Done> rewrite_latest(std::span<const log::LatestStatus> statuses) override;
  StoreResult<Done> remove_devices(std::span<const log::Removal> removals) override;
  StoreResult<Swept> sweep() override;
  StoreResult<bool> forget_removals(Timestamp before) override;
  StoreResult<std::optional<ListeningClock::Saved>> listening() override;
  StoreResult<Done> save_listening(const ListeningClock::Saved& saved) override;
  StoreResult<FleetPast> fleet_past() override;
  StoreResult<Done> save_fleet_past(const FleetPast& past) override;
  StoreResult<std::vector<Mute>> mutes() override;
  StoreResult<Done> save_mute(const Mute& mute) override;
  StoreResult<Done> remove_mutes(std::span<const MuteTarget> targets) override;
  StoreResult<Done> ensure_partitions(Timestamp now) override;
  StoreResult<Expired> expire(Timestamp expired_before) override;
  StoreResult<std::string> identity() override;
  StoreResult<Done> ping() override;

 private:
  // For calls that may wait for locks, which have limits of their own.
  static constexpr std::chrono::seconds housekeeping_limit{30};

  // See postgres::limited.
  template <class Action>
  auto limited(std::chrono::milliseconds limit, Action action) {
    return postgres::limited(connection_, limit, std::move(action));
  }

  // Appends with the limit of a commit. `action` returns whether the stream was open.
  template <class Action>
  StoreResult<Done> appended(Action action);
  // Returns the days of what it merged.
  std::set<std::int64_t> merge_devices(log::MergeSource& source);

  StoreContext& context_;
  Connection connection_;
  LogTable log_;
  LatestTable latest_;
  SegmentTable segments_;
  Compactor compactor_;
  HistoryReader history_reader_;
  PartitionKeeper partition_keeper_;
  RemovedTable removed_;
};

StoreFailure stream_closed(log::StreamId stream) {
  return {StoreFailure::Kind::stream_closed, "the stream " + std::to_string(stream) + " is closed"};
}

}  // namespace

StoreResult<Done> PostgresSession::open_stream(log::StreamId stream) {
  const auto opened = limited(context_.call_limit, [&] { return log_.open_stream(stream, context_.epoch.get()); });
  if (!opened) return Failure{opened.error()};
  if (!*opened) return Failure{stream_closed(stream)};
  return Done{};
}

template <class Action>
StoreResult<Done> PostgresSession::appended(Action action) {
  const auto appended = limited(context_.commit_limit.current(), action);
  if (connection_.socket()->timed_out())
    context_.commit_limit.note_timeout();
  else if (appended)
    context_.commit_limit.note_success();
  if (!appended && appended.error().kind == StoreFailure::Kind::unavailable)
    context_.abandoned.add(connection_.backend());
  if (!appended) return Failure{appended.error()};
  return Done{};
}

StoreResult<Done> PostgresSession::append(log::Position position, const UpdateList& updates) {
  bool is_open = true;
  auto outcome = appended([&] {
    try {
      is_open = log_.append(position, updates);
    } catch (const SqlError& error) {
      // The server works, but not this statement: for others it may.
      if (!error.state().starts_with("42") && !error.state().starts_with("54")) throw;
      throw BadRow(error.what());
    }
    return Done{};
  });
  if (!is_open) return Failure{stream_closed(position.stream)};
  return outcome;
}

StoreResult<std::int64_t> PostgresSession::last_appended(log::StreamId stream) {
  const auto last = limited(housekeeping_limit, [&] {
    context_.abandoned.end_all(connection_);
    return log_.last_appended(stream);
  });
  if (!last) return Failure{last.error()};
  if (!*last) return Failure{stream_closed(stream)};
  return **last;
}

StoreResult<Done> PostgresSession::append_once(const std::vector<log::Row>& rows) {
  return appended([&] {
    log_.append_once(rows, context_.epoch.get());
    return Done{};
  });
}

StoreResult<Done> PostgresSession::load(LoadSink& sink) {
  return guarded([&] {
    Transaction transaction(connection_, one_snapshot);
    connection_.run(no_time_limit);
    WithoutRemoved kept(sink);
    removed_.load([&](log::Removal&& removal) { kept.take_removal(std::move(removal)); });
    latest_.load(kept);
    load_log(connection_, kept, context_.unreadable);
    transaction.commit();
    return Done{};
  });
}

StoreResult<HistoryPage> PostgresSession::history(const HistoryQuery& query,
                                                  const std::vector<log::UnmergedRecord>& unmerged) {
  return limited(context_.call_limit, [&] { return history_reader_.page(query, unmerged); });
}

StoreResult<Done> PostgresSession::read_span(const HistoryQuery& query,
                                             const std::vector<log::UnmergedRecord>& unmerged, const RecordSink& sink) {
  return limited(context_.call_limit, [&] {
    history_reader_.read_span(query, unmerged, sink);
    return Done{};
  });
}

StoreResult<std::vector<bool>> PostgresSession::has_records(const UpdateList& updates) {
  return limited(context_.call_limit, [&] {
    std::vector<WantedRecord> wanted;
    for (const auto* update : updates) wanted.push_back({update->device_id, &update->status});
    return segments_.has(wanted);
  });
}

StoreResult<Done> PostgresSession::read_all(const Selection& selection, const StatusSink& sink) {
  return guarded([&] {
    read_all_records(connection_, segments_, removed_, selection, sink);
    return Done{};
  });
}

StoreResult<log::Positions> PostgresSession::merge(const log::Positions& through, log::MergeSource& source) {
  // Without a limit for the whole: the source sets the pace.
  auto merged = guarded([&] {
    Transaction transaction(connection_);
    context_.epoch.lock(connection_);
    auto before = log_.merged(through);
    if (!context_.known_merges.have(before)) {
      // The answer to an earlier merge was lost, so the source may still have what that merge wrote. The lock above
      // makes this COMMIT wait until the synchronous standby has the merge too.
      transaction.commit();
      context_.known_merges.raise_to(before);
      return before;
    }
    auto wanted = context_.known_merges.without_lost(through, before);
    const auto removed = log_.remove(wanted, context_.unreadable);
    source.begin(wanted, {});
    const auto days = merge_devices(source);
    // Last, because appends wait for it.
    log_.set_trimmed(removed);
    transaction.commit();
    context_.known_merges.raise_to(removed);
    context_.open_days.add(days);
    return wanted;
  });
  if (!merged && merged.error().kind == StoreFailure::Kind::unavailable) context_.abandoned.add(connection_.backend());
  // Autovacuum looks at a table once a minute, in which a busy service merges several times.
  if (merged) static_cast<void>(guarded([&] { return connection_.run(reuse_space), Done{}; }));
  return merged;
}

StoreResult<log::Positions> PostgresSession::lost_merges() {
  return limited(context_.call_limit, [&] {
    const auto known = context_.known_merges.get();
    const auto merged = log_.merged(known);
    log::Positions lost;
    for (const auto& [stream, sequence] : known)
      if (merged.of(stream) < sequence) lost.raise_to({stream, merged.of(stream)});
    context_.known_merges.lower_to(lost);
    return lost;
  });
}

std::set<std::int64_t> PostgresSession::merge_devices(log::MergeSource& source) {
  std::set<std::int64_t> days;
  const SegmentKind kind{.merge = segments_.next_merge()};
  std::vector<log::LatestStatus> latest;
  for (auto devices = source.next(); !devices.empty(); devices = source.next()) {
    const CallLimit limit(*connection_.socket(), housekeeping_limit);
    segments_.drop_stored(devices);
    segments_.write(devices, kind);
    latest.clear();
    for (auto& device : devices) {
      for (const auto& record : device.records) days.insert(day_of(record.timestamp));
      latest.push_back(std::move(device.latest));
    }
    latest_.raise(latest);
  }
  return days;
}

StoreResult<Compacted> PostgresSession::compact(Timestamp now) {
  return limited(2 * housekeeping_limit, [&] { return compactor_.step(now); });
}

StoreResult<Done> PostgresSession::write_latest(std::span<const log::LatestStatus> statuses) {
  return limited(housekeeping_limit, [&] {
    Transaction transaction(connection_);
    context_.epoch.lock(connection_);
    latest_.replace(statuses);
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> PostgresSession::rewrite_latest(std::span<const log::LatestStatus> statuses) {
  return guarded([&] {
    Transaction transaction(connection_);
    context_.epoch.lock(connection_);
    connection_.run(no_time_limit);
    latest_.rewrite(statuses);
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> PostgresSession::remove_devices(std::span<const log::Removal> removals) {
  return limited(context_.call_limit, [&] {
    removed_.add(removals);
    return Done{};
  });
}

StoreResult<Swept> PostgresSession::sweep() {
  return limited(2 * housekeeping_limit, [&] { return removed_.sweep(); });
}

StoreResult<bool> PostgresSession::forget_removals(Timestamp before) {
  return limited(2 * housekeeping_limit, [&] { return removed_.forget(before); });
}

StoreResult<std::optional<ListeningClock::Saved>> PostgresSession::listening() {
  return limited(context_.call_limit, [&] { return read_listening(connection_); });
}

StoreResult<Done> PostgresSession::save_listening(const ListeningClock::Saved& saved) {
  return limited(context_.call_limit, [&] {
    write_listening(connection_, saved);
    return Done{};
  });
}

StoreResult<FleetPast> PostgresSession::fleet_past() {
  return limited(context_.call_limit, [&] { return read_fleet_past(connection_); });
}

StoreResult<Done> PostgresSession::save_fleet_past(const FleetPast& past) {
  return limited(context_.call_limit, [&] {
    write_fleet_past(connection_, past);
    return Done{};
  });
}

StoreResult<std::vector<Mute>> PostgresSession::mutes() {
  return limited(context_.call_limit, [&] { return read_mutes(connection_); });
}

StoreResult<Done> PostgresSession::save_mute(const Mute& mute) {
  return limited(context_.call_limit, [&] {
    write_mute(connection_, mute);
    return Done{};
  });
}

StoreResult<Done> PostgresSession::remove_mutes(std::span<const MuteTarget> targets) {
  return limited(context_.call_limit, [&] {
    postgres::remove_mutes(connection_, targets);
    return Done{};
  });
}

StoreResult<std::string> PostgresSession::identity() {
  return limited(context_.call_limit, [&]() -> std::string {
    if (!connection_.query(find_ledger)[0].boolean(0)) return {};
    const auto first = connection_.query(select_first_migration);
    return first.empty() ? std::string() : first[0].text(0);
  });
}

StoreResult<Done> PostgresSession::ensure_partitions(Timestamp now) {
  return limited(housekeeping_limit, [&] {
    partition_keeper_.create_around(now);
    return Done{};
  });
}

StoreResult<Expired> PostgresSession::expire(Timestamp expired_before) {
  return limited(housekeeping_limit, [&] { return partition_keeper_.expire(expired_before); });
}

StoreResult<Done> PostgresSession::ping() {
  return limited(context_.call_limit, [&] {
    connection_.expect_durable();
    return Done{};
  });
}

StoreResult<std::unique_ptr<Session>> PostgresStore::open() {
  return guarded([&]() -> std::unique_ptr<Session> { return std::make_unique<PostgresSession>(context_); });
}

}  // namespace ubiety::postgres
