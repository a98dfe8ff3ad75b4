// A session of the embedded store; storage/store.hpp specifies the calls.
#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "domain/status.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/fleet_table.hpp"
#include "storage/sqlite/history_reader.hpp"
#include "storage/sqlite/history_upkeep.hpp"
#include "storage/sqlite/merger.hpp"
#include "storage/sqlite/mute_table.hpp"
#include "storage/sqlite/removed_devices.hpp"
#include "storage/sqlite/store.hpp"
#include "storage/store.hpp"
#include "storage/without_removed.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view find_ledger = "SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'";
constexpr std::string_view select_first_migration = "SELECT applied_at FROM schema_migrations WHERE number = 1";

constexpr std::string_view read_schema = "SELECT 1 FROM sqlite_schema LIMIT 1";

Failure<StoreFailure> stream_closed() {
  return {StoreFailure{StoreFailure::Kind::stream_closed, "the stream is closed, or the store does not have it"}};
}

class SqliteSession final : public Session {
 public:
  // Throws Error.
  SqliteSession(const std::string& path, SharedState& shared, Checkpointer& checkpointer, NewerThan newer_than);

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
  StoreResult<Done> ensure_partitions(Timestamp) override { return Done{}; }
  StoreResult<Expired> expire(Timestamp expired_before) override;
  StoreResult<std::string> identity() override;
  StoreResult<Done> ping() override;

 private:
  StoreResult<Done> put_latest(std::span<const log::LatestStatus> statuses, bool instead_of_all);

  SharedState& shared_;
  Database database_;
  UpdateLog log_;
  HistoryDays days_;
  SegmentTable segments_;
  LatestTable latest_;
  Merger merger_;
  Compaction compaction_;
  Expiry expiry_;
  RemovedDevices removed_;
};

}  // namespace

SqliteSession::SqliteSession(const std::string& path, SharedState& shared, Checkpointer& checkpointer,
                             NewerThan newer_than)
    : shared_(shared),
      database_(connect_to_existing(path)),
      log_(database_),
      days_(database_),
      segments_(database_, days_),
      latest_(database_, newer_than),
      merger_(database_, shared_, log_, segments_, latest_),
      compaction_(database_, shared_, log_, days_, segments_),
      expiry_(database_, shared_, log_, days_, segments_),
      removed_(database_, shared_, log_, segments_, latest_) {
  checkpointer.watch(database_);
}

StoreResult<Done> SqliteSession::open_stream(log::StreamId id) {
  return guarded([&] {
    WriteTransaction transaction(database_, shared_, log_);
    auto stream = log_.find(id);
    if (!stream) stream = log_.open_stream(id);
    if (!stream->is_open) throw Error(SQLITE_CONSTRAINT, "the stream was closed before");
    transaction.commit();
    shared_.note_stream(id, {stream->last, stream->trimmed});
    return Done{};
  });
}

StoreResult<Done> SqliteSession::append(log::Position position, const UpdateList& updates) {
  return guarded([&]() -> StoreResult<Done> {
    WriteTransaction transaction(database_, shared_, log_);
    const auto stream = log_.find(position.stream);
    if (!stream || !stream->is_open) return stream_closed();
    if (position.sequence <= stream->last) throw Error(SQLITE_CONSTRAINT, "the stream has a row of this sequence");
    log_.append(*stream, position.sequence, updates);
    transaction.commit();
    shared_.note_stream(position.stream, {position.sequence, stream->trimmed});
    return Done{};
  });
}

// The transaction waits until no append is under way.
StoreResult<std::int64_t> SqliteSession::last_appended(log::StreamId id) {
  return guarded([&]() -> StoreResult<std::int64_t> {
    const WriteTransaction transaction(database_, shared_, log_);
    const auto stream = log_.find(id);
    if (!stream || !stream->is_open) return stream_closed();
    shared_.note_stream(id, {stream->last, stream->trimmed});
    return stream->last;
  });
}

StoreResult<Done> SqliteSession::append_once(const std::vector<log::Row>& rows) {
  return guarded([&] {
    WriteTransaction transaction(database_, shared_, log_);
    std::map<log::StreamId, UpdateLog::Stream> streams;
    for (const auto& row : rows) {
      const auto [id, sequence] = row.position;
      auto stream = log_.find(id);
      if (!stream) stream = log_.open_stream(id);
      if (sequence <= stream->last) continue;
      log_.append(*stream, sequence, row.pointers());
      stream->last = sequence;
      streams[id] = *stream;
    }
    transaction.commit();
    for (const auto& [id, stream] : streams)
      if (stream.is_open) shared_.note_stream(id, {stream.last, stream.trimmed});
    return Done{};
  });
}

StoreResult<Done> SqliteSession::load(LoadSink& sink) {
  return guarded([&] {
    const Snapshot snapshot(database_);
    WithoutRemoved kept(sink);
    removed_.read([&](log::Removal&& removal) { kept.take_removal(std::move(removal)); });
    latest_.read([&](log::LatestStatus&& latest) { kept.take_latest(std::move(latest)); });
    log_.read([&](log::Row&& row) { kept.take_row(std::move(row)); },
              [&](log::Position position, const std::string& reason) {
                shared_.note_damage(position);
                sink.note_damage(position, reason);
              });
    return Done{};
  });
}

StoreResult<HistoryPage> SqliteSession::history(const HistoryQuery& query,
                                                const std::vector<log::UnmergedRecord>& unmerged) {
  return guarded([&] {
    const auto seen = shared_.seen();  // before the snapshot, which has all of that
    const Snapshot snapshot(database_);
    DeviceSegments segments(query, segments_, log_, log_.expect(seen));
    auto page = log::page_of(query, unmerged, segments);
    database_.expect_in_place();
    return page;
  });
}

StoreResult<Done> SqliteSession::read_span(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                                           const RecordSink& sink) {
  return guarded([&] {
    const auto seen = shared_.seen();  // before the snapshot, which has all of that
    const Snapshot snapshot(database_);
    DeviceSegments segments(query, segments_, log_, log_.expect(seen));
    log::read_span(query, unmerged, segments, sink);
    database_.expect_in_place();
    return Done{};
  });
}

StoreResult<std::vector<bool>> SqliteSession::has_records(const UpdateList& updates) {
  return guarded([&] {
    const Snapshot snapshot(database_);
    std::vector<bool> found;
    for (const auto* update : updates) {
      const auto stored = segments_.records_at(update->device_id, std::span(&update->status.timestamp, 1));
      const auto removed = removed_.find(update->device_id);
      found.push_back(std::any_of(stored.begin(), stored.end(), [&](const Status& one) {
        return same_report(one, update->status) && !(removed && is_removed(one, *removed));
      }));
    }
    return found;
  });
}

StoreResult<Done> SqliteSession::read_all(const Selection& selection, const StatusSink& sink) {
  return guarded([&] {
    const Snapshot snapshot(database_);
    log::Removals removals;
    removed_.read([&](log::Removal&& removal) { removals.add(removal); });
    read_selected(selection, segments_, log_, removals, sink);
    return Done{};
  });
}

StoreResult<log::Positions> SqliteSession::merge(const log::Positions& through, log::MergeSource& source) {
  return guarded([&] { return merger_.merge(through, source); });
}

StoreResult<Compacted> SqliteSession::compact(Timestamp now) {
  return guarded([&] { return compaction_.step(now); });
}

StoreResult<Done> SqliteSession::write_latest(std::span<const log::LatestStatus> statuses) {
  return put_latest(statuses, false);
}

StoreResult<Done> SqliteSession::rewrite_latest(std::span<const log::LatestStatus> statuses) {
  return put_latest(statuses, true);
}

StoreResult<Done> SqliteSession::put_latest(std::span<const log::LatestStatus> statuses, bool instead_of_all) {
  return guarded([&] {
    WriteTransaction transaction(database_, shared_, log_);
    if (instead_of_all) latest_.remove_all();
    for (const auto& latest : statuses) latest_.replace(latest);
    const auto version = log_.raise_version();
    transaction.commit();
    shared_.note_version(version);
    return Done{};
  });
}

StoreResult<Done> SqliteSession::remove_devices(std::span<const log::Removal> removals) {
  return guarded([&] {
    WriteTransaction transaction(database_, shared_, log_);
    for (const auto& removal : removals) removed_.put(removal);
    const auto version = log_.raise_version();
    transaction.commit();
    shared_.note_version(version);
    return Done{};
  });
}

StoreResult<Swept> SqliteSession::sweep() {
  return guarded([&] { return removed_.sweep(); });
}

StoreResult<bool> SqliteSession::forget_removals(Timestamp before) {
  return guarded([&] { return removed_.forget(before); });
}

StoreResult<Expired> SqliteSession::expire(Timestamp expired_before) {
  return guarded([&] { return expiry_.step(expired_before); });
}

StoreResult<std::optional<ListeningClock::Saved>> SqliteSession::listening() {
  return guarded([&] { return read_listening(database_); });
}

StoreResult<Done> SqliteSession::save_listening(const ListeningClock::Saved& saved) {
  return guarded([&] {
    shared_.expect_owned();
    const WithoutSync without_sync(database_);
    WriteTransaction transaction(database_, shared_, log_);
    write_listening(database_, saved);
    transaction.commit();
    return Done{};
  });
}

StoreResult<FleetPast> SqliteSession::fleet_past() {
  return guarded([&] { return read_fleet_past(database_); });
}

StoreResult<Done> SqliteSession::save_fleet_past(const FleetPast& past) {
  return guarded([&] {
    shared_.expect_owned();
    WriteTransaction transaction(database_, shared_, log_);
    write_fleet_past(database_, past);
    transaction.commit();
    return Done{};
  });
}

StoreResult<std::vector<Mute>> SqliteSession::mutes() {
  return guarded([&] { return read_mutes(database_); });
}

StoreResult<Done> SqliteSession::save_mute(const Mute& mute) {
  return guarded([&] {
    shared_.expect_owned();
    WriteTransaction transaction(database_, shared_, log_);
    write_mute(database_, mute);
    transaction.commit();
    return Done{};
  });
}

StoreResult<Done> SqliteSession::remove_mutes(std::span<const MuteTarget> targets) {
  return guarded([&] {
    shared_.expect_owned();
    WriteTransaction transaction(database_, shared_, log_);
    sqlite::remove_mutes(database_, targets);
    transaction.commit();
    return Done{};
  });
}

StoreResult<std::string> SqliteSession::identity() {
  return guarded([&]() -> std::string {
    if (!Statement(database_, find_ledger).next()) return {};
    Statement first(database_, select_first_migration);
    return first.next() ? std::string(first.text(0)) : std::string();
  });
}

StoreResult<Done> SqliteSession::ping() {
  return guarded([&] {
    Statement statement(database_, read_schema);
    statement.run();
    return Done{};
  });
}

StoreResult<std::unique_ptr<Session>> SqliteStore::open() {
  return guarded([&]() -> std::unique_ptr<Session> {
    return std::make_unique<SqliteSession>(path_, shared_, checkpointer_, newer_than_);
  });
}

}  // namespace ubiety::sqlite
