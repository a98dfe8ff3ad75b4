#include "simulation/simulated_store.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "simulation/one_segment.hpp"
#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/without_removed.hpp"
#include "support/store_failures.hpp"

namespace ubiety::simulation {
namespace {

Failure<StoreFailure> stream_closed() {
  return {StoreFailure{StoreFailure::Kind::stream_closed, "the stream is closed or missing"}};
}

// What a removal took away does not count.
std::optional<Status> record_of(const Durable& durable, const StatusUpdate& update) {
  const auto device = durable.history.find(update.device_id);
  if (device == durable.history.end()) return std::nullopt;
  for (const auto& record : device->second)
    if (same_report(record, update.status) && !durable.is_removed(update.device_id, record)) return record;
  return std::nullopt;
}

}  // namespace

class SimulatedSession final : public Session {
 public:
  explicit SimulatedSession(SimulatedStore& store) : store_(store), world_(store.world_), durable_(world_.durable) {}

  StoreResult<Done> open_stream(log::StreamId stream) override {
    return change("open a stream", [&] { durable_.streams[stream].is_open = true; });
  }

  StoreResult<Done> append(log::Position position, const UpdateList& updates) override {
    world_.let_others_go_on();
    ++world_.checker.figures.commits;
    check_for_repetition(updates);
    const auto stream = durable_.streams.find(position.stream);
    if (stream == durable_.streams.end() || !stream->second.is_open) return stream_closed();
    const auto& unreplicated = durable_.unreplicated;
    if (unreplicated && unreplicated->position.stream == position.stream)
      world_.checker.violated("appended before the outcome of an append was known");
    if (position.sequence != stream->second.last + 1) world_.checker.violated("a gap in the log, or a row twice");
    const bool is_refused = std::any_of(updates.begin(), updates.end(),
                                        [](const auto* update) { return update->status.rssi == refused_rssi; });
    if (!store_.has_refused_ && store_.fails()) return break_append(position, updates, is_refused);
    if (is_refused) {
      store_.has_refused_ = true;
      note("refused", updates);
      return test::rejected();
    }
    note("appended", updates);
    store_row(position, updates);
    return Done{};
  }

  StoreResult<std::int64_t> last_appended(log::StreamId stream) override {
    world_.let_others_go_on();
    if (store_.fails()) return test::unavailable();
    const auto found = durable_.streams.find(stream);
    if (found == durable_.streams.end() || !found->second.is_open) return stream_closed();
    const auto& unreplicated = durable_.unreplicated;
    if (world_.plant == Plant::settled_without_standby && unreplicated && unreplicated->position.stream == stream)
      return unreplicated->position.sequence;
    store_.settle();
    return found->second.last;
  }

  StoreResult<Done> append_once(const std::vector<log::Row>& rows) override {
    world_.let_others_go_on();
    store_.settle();
    return change("append " + std::to_string(rows.size()) + " rows once", [&] {
      for (const auto& row : rows)
        if (durable_.streams[row.position.stream].last < row.position.sequence) store_.store_row(row);
    });
  }

  StoreResult<Done> load(LoadSink& sink) override {
    world_.let_others_go_on();
    const auto durable = durable_;  // a snapshot
    world_.let_others_go_on();
    WithoutRemoved without_removed(sink);
    if (world_.plant != Plant::removals_not_loaded)
      for (const auto& [device_id, removal] : durable.removals) without_removed.take_removal({device_id, removal.at});
    for (const auto& [device_id, latest] : durable.latest) {
      if (store_.fails()) return test::unavailable();  // some are passed
      without_removed.take_latest(log::LatestStatus(latest));
    }
    for (const auto& row : durable.log) {
      if (store_.fails()) return test::unavailable();
      without_removed.take_row({row.position, durable.unmerged(row)});
    }
    return Done{};
  }

  StoreResult<HistoryPage> history(const HistoryQuery& query,
                                   const std::vector<log::UnmergedRecord>& unmerged) override {
    world_.let_others_go_on();
    if (store_.fails()) return test::unavailable();
    OneSegment segment(durable_, query);
    return log::page_of(query, unmerged, segment);
  }

  StoreResult<std::vector<bool>> has_records(const UpdateList& updates) override {
    world_.let_others_go_on();
    if (store_.fails()) return test::unavailable();
    std::vector<bool> found;
    for (const auto* update : updates) found.push_back(record_of(durable_, *update).has_value());
    return found;
  }

  StoreResult<log::Positions> merge(const log::Positions& through, log::MergeSource& source) override {
    world_.let_others_go_on();
    if (store_.fails() || store_.is_taken_over_) return test::unavailable();
    return store_.merges_in_slices_ ? merge_in_slices(through, source) : merge_at_once(through, source);
  }

  StoreResult<Done> read_span(const HistoryQuery& query, const std::vector<log::UnmergedRecord>& unmerged,
                              const RecordSink& sink) override {
    world_.let_others_go_on();
    if (store_.fails()) return test::unavailable();
    OneSegment segment(durable_, query);
    log::read_span(query, unmerged, segment, sink);
    return Done{};
  }

  StoreResult<Done> remove_devices(std::span<const log::Removal> removals) override {
    world_.let_others_go_on();
    return change("remove " + std::to_string(removals.size()) + " devices", [&] {
      for (const auto& [device_id, at] : removals) {
        auto& removal = durable_.removals[device_id];
        removal = {std::max(removal.at, at), false};
      }
      world_.checker.removal_written();
    });
  }

  // Of one device. An interrupted sweep begins again.
  StoreResult<Swept> sweep() override {
    world_.let_others_go_on();
    if (store_.fails() || store_.is_taken_over_) return test::unavailable();
    Swept swept;
    for (auto& [device_id, removal] : durable_.removals) {
      if (removal.is_swept) continue;
      swept.has_more = true;
      const auto done = change("sweep " + device_id, [&, &id = device_id, &one = removal] { sweep(id, one); });
      if (!done) return Failure{done.error()};
      break;
    }
    return swept;
  }

  // The simulated processes make none of these calls.
  StoreResult<Done> read_all(const Selection&, const StatusSink&) override { return test::unavailable(); }
  StoreResult<Compacted> compact(Timestamp) override { return test::unavailable(); }
  StoreResult<Done> write_latest(std::span<const log::LatestStatus>) override { return test::unavailable(); }
  StoreResult<Done> rewrite_latest(std::span<const log::LatestStatus>) override { return test::unavailable(); }
  StoreResult<bool> forget_removals(Timestamp) override { return test::unavailable(); }
  StoreResult<std::optional<ListeningClock::Saved>> listening() override { return test::unavailable(); }
  StoreResult<Done> save_listening(const ListeningClock::Saved&) override { return test::unavailable(); }
  StoreResult<FleetPast> fleet_past() override { return test::unavailable(); }
  StoreResult<Done> save_fleet_past(const FleetPast&) override { return test::unavailable(); }
  StoreResult<std::vector<Mute>> mutes() override { return test::unavailable(); }
  StoreResult<Done> save_mute(const Mute&) override { return test::unavailable(); }
  StoreResult<Done> remove_mutes(std::span<const MuteTarget>) override { return test::unavailable(); }
  StoreResult<Done> ensure_partitions(Timestamp) override { return test::unavailable(); }
  StoreResult<Expired> expire(Timestamp) override { return test::unavailable(); }
  StoreResult<std::string> identity() override { return test::unavailable(); }
  StoreResult<Done> ping() override { return test::unavailable(); }

 private:
  using Devices = std::vector<log::DeviceToMerge>;

  void check_for_repetition(const UpdateList& updates) {
    std::set<std::pair<DeviceId, RecordKey>> keys;
    for (const auto* update : updates)
      if (!keys.emplace(update->device_id, key_of(update->status)).second)
        world_.checker.violated("twice in one row: " + text_of(*update));
  }

  // The connection breaks before the COMMIT or after it, or while the COMMIT waits for the standby.
  StoreResult<Done> break_append(log::Position position, const UpdateList& updates, bool is_refused) {
    ++world_.checker.figures.unknown_commits;
    const int how = is_refused ? 0 : world_.random.below(3);
    if (how == 1) {
      note("appended, outcome unknown", updates);
      store_row(position, updates);
    } else if (how == 2) {
      note("appended, not on the standby, outcome unknown", updates);
      durable_.unreplicated = row_of(position, updates);
    } else {
      note("not appended, outcome unknown", updates);
    }
    return test::unavailable();
  }

  static log::Row row_of(log::Position position, const UpdateList& updates) {
    log::Row row{position, {}};
    for (const auto* update : updates) row.updates.push_back(*update);
    return row;
  }

  void store_row(log::Position position, const UpdateList& updates) { store_.store_row(row_of(position, updates)); }

  // Does a small change, or does not and returns a failure, or does and returns a failure all the same.
  template <class Change>
  StoreResult<Done> change(std::string_view what, Change apply) {
    const bool fails = store_.fails(), is_done = !fails || world_.random.one_in(2);
    world_.note(
        [&] { return "  " + std::string(what) + (is_done ? "" : ", not done") + (fails ? ", outcome unknown" : ""); });
    if (is_done) apply();
    world_.checker.disk_changed();
    if (fails) return test::unavailable();
    return Done{};
  }

  // As SQLite: each slice is durable, and an interrupted merge is finished by the next.
  StoreResult<log::Positions> merge_in_slices(const log::Positions& through, log::MergeSource& source) {
    auto& merge = durable_.merge;
    if (!merge)
      merge = Durable::Merge{through, {}};
    else
      ++world_.checker.figures.finished_merges;
    const bool begins_again = world_.plant == Plant::merge_begins_again;
    source.begin(merge->through, begins_again ? DeviceId() : merge->reached);
    for (auto devices = source.next(); !devices.empty(); devices = source.next()) {
      move(devices);
      merge->reached = std::max(merge->reached, devices.back().latest.update.device_id);
      world_.checker.disk_changed();
      if (store_.fails()) return interrupted();
      world_.let_others_go_on();
    }
    const auto merged = merge->through;
    remove_rows(merged);
    merge.reset();
    return finished(merged);
  }

  // As PostgreSQL: one transaction.
  StoreResult<log::Positions> merge_at_once(const log::Positions& through, log::MergeSource& source) {
    if (auto merged = std::exchange(store_.merged_unknown_to_caller_, {})) return finished(*merged);
    source.begin(through, {});
    Devices all;
    for (auto devices = source.next(); !devices.empty(); devices = source.next()) {
      std::move(devices.begin(), devices.end(), std::back_inserter(all));
      if (store_.fails()) return interrupted();
      world_.let_others_go_on();
    }
    if (!all.empty() && store_.can_fail() && world_.random.one_in(20)) {
      // Another process did the same merge. This one notices that it deletes fewer rows than it read.
      world_.note([] { return "  another process merges the same rows"; });
      move(all);
      remove_rows(through);
      world_.crash_is_due = store_.is_taken_over_ = true;
      if (world_.plant != Plant::two_mergers) return interrupted();
    }
    const bool fails = store_.fails();
    if (fails && world_.random.one_in(2)) return interrupted();
    move(all);
    remove_rows(through);
    if (!fails) return finished(through);
    store_.merged_unknown_to_caller_ = through;
    return interrupted();
  }

  void move(const Devices& devices) {
    for (const auto& [latest, records, may_repeat] : devices) {
      const auto& device_id = latest.update.device_id;
      auto& history = durable_.history[device_id];
      for (const auto& record : records) {
        const bool is_stored = may_repeat && record_of(durable_, {device_id, record});
        if (!is_stored) history.push_back(record);
      }
      if (world_.plant == Plant::latest_not_raised) continue;
      const auto [entry, is_new] = durable_.latest.try_emplace(device_id, latest);
      if (is_new) continue;
      auto& known = entry->second;
      known.newest = std::max(known.newest, latest.newest);
      if (newer_than(latest.update.status, known.update.status)) known.update = latest.update;
    }
  }

  void sweep(const DeviceId& device_id, Durable::Removal& removal) {
    const bool takes_all = world_.plant == Plant::swept_too_much;
    const auto is_gone = [&](const Status& status) { return takes_all || is_removed(status, removal.at); };
    std::erase_if(durable_.history[device_id], is_gone);
    const auto latest = durable_.latest.find(device_id);
    if (latest != durable_.latest.end() && is_gone(latest->second.update.status)) durable_.latest.erase(latest);
    removal.is_swept = true;
    ++world_.checker.figures.sweeps;
  }

  void remove_rows(const log::Positions& through) {
    bool leaves_one = world_.plant == Plant::fewer_rows_deleted;
    std::erase_if(durable_.log,
                  [&](const log::Row& row) { return through.has(row.position) && !std::exchange(leaves_one, false); });
  }

  StoreResult<log::Positions> finished(const log::Positions& merged) {
    world_.note([] { return "  merged"; });
    ++world_.checker.figures.merges;
    world_.checker.disk_changed();
    return merged;
  }

  StoreResult<log::Positions> interrupted() {
    world_.note([] { return "  the merge is interrupted"; });
    ++world_.checker.figures.interrupted_merges;
    world_.checker.disk_changed();
    if (world_.random.one_in(3)) world_.crash_is_due = true;
    return test::unavailable();
  }

  void note(std::string_view what, const UpdateList& updates) {
    world_.note([&] {
      auto line = "  " + std::string(what) + ":";
      for (const auto* update : updates) line += "\n    " + text_of(*update);
      return line;
    });
  }

  SimulatedStore& store_;
  World& world_;
  Durable& durable_;
};

void SimulatedStore::store_row(log::Row row) {
  UpdateList updates;
  for (const auto& update : row.updates) updates.push_back(&update);
  world_.durable.streams[row.position.stream].last = row.position.sequence;
  world_.durable.log.push_back(row);
  world_.checker.written(updates);
}

void SimulatedStore::settle() {
  auto row = std::exchange(world_.durable.unreplicated, {});
  if (!row) return;
  const bool is_kept = world_.random.one_in(2);
  world_.note([&] { return is_kept ? "  the standby has the row" : "  the backend is ended"; });
  if (is_kept) store_row(std::move(*row));
}

StoreResult<Done> SimulatedStore::take_over() {
  if (fails()) return test::unavailable();
  settle();
  is_taken_over_ = false;
  merged_unknown_to_caller_.reset();
  for (auto& [id, stream] : world_.durable.streams) stream.is_open = false;
  return Done{};
}

StoreResult<std::unique_ptr<Session>> SimulatedStore::open() {
  if (fails()) return test::unavailable();
  return std::unique_ptr<Session>(std::make_unique<SimulatedSession>(*this));
}

// The simulated processes open neither of these.
StoreResult<std::unique_ptr<Migrator>> SimulatedStore::open_migrator() { return test::unavailable(); }
StoreResult<std::unique_ptr<KeyStore>> SimulatedStore::open_keys() { return test::unavailable(); }

}  // namespace ubiety::simulation
