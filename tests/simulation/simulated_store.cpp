#include "simulation/simulated_store.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "support/store_failures.hpp"

namespace ubiety::simulation {

class SimulatedSession final : public Session {
 public:
  explicit SimulatedSession(SimulatedStore& store) : store_(store), world_(store.world_) {}

  StoreResult<Committed> commit(const WriteBatch& batch) override {
    world_.let_others_go_on();
    ++world_.checker.figures.commits;
    UpdateList rows = batch.fresh;
    rows.insert(rows.end(), batch.doubtful.begin(), batch.doubtful.end());
    check_for_repetition(rows);
    if (store_.fails()) return broken(rows, batch.fresh.size());
    if (std::any_of(rows.begin(), rows.end(), [](auto* row) { return row->status.rssi == refused_rssi; })) {
      note("refused", rows);
      return test::rejected();
    }
    write(rows);
    note("committed", rows);
    return Committed{.fresh_are_new = true};
  }

  StoreResult<Recovered> load_latest(const StatusSink& sink) override {
    world_.let_others_go_on();
    const auto& durable = world_.durable;
    if (store_.fails()) return test::unavailable();
    Recovered recovered{durable.watermark, durable.watermark};
    const auto give = [&](const DeviceId& device_id, const Status& status, Origin origin) {
      recovered.newest_received = std::max(recovered.newest_received, status.received);
      sink({device_id, status}, origin);
    };
    for (const auto& [device_id, status] : durable.latest) give(device_id, status, Origin::checkpoint);
    for (const auto& [device_id, rows] : durable.rows) {
      if (store_.fails()) return test::unavailable();  // half of it is told
      for (const auto& [key, status] : rows)
        if (status.received >= durable.watermark) give(device_id, status, Origin::history);
    }
    return recovered;
  }

  StoreResult<Done> write_checkpoint(std::span<const StatusUpdate> statuses) override {
    const bool fails = store_.fails(), written = !fails || world_.random.one_in(2);
    if (written)
      for (const auto& [device_id, status] : statuses) world_.durable.latest.insert_or_assign(device_id, status);
    world_.note([&] {
      return "  checkpoint: " + std::to_string(statuses.size()) + (written ? " written" : " not written") +
             (fails ? ", outcome unknown" : "");
    });
    world_.checker.disk_changed();
    if (fails) return test::unavailable();
    return Done{};
  }

  StoreResult<Done> set_watermark(Timestamp watermark) override {
    world_.let_others_go_on();
    const bool fails = store_.fails(), written = !fails || world_.random.one_in(2);
    if (written) world_.durable.watermark = watermark;
    if (written) ++world_.checker.figures.watermarks;
    world_.note([&] {
      return "  watermark " + format_timestamp(watermark) + (written ? " written" : " not written") +
             (fails ? ", outcome unknown" : "");
    });
    world_.checker.disk_changed();
    if (!fails) return Done{};
    world_.crash_is_due = world_.random.one_in(3);
    return test::unavailable();
  }

  // The simulated processes make none of these calls.
  StoreResult<HistoryPage> history(const HistoryQuery&) override { return test::unavailable(); }
  StoreResult<Done> read_all(const StatusSink&) override { return test::unavailable(); }
  StoreResult<Done> ensure_partitions(Timestamp) override { return test::unavailable(); }
  StoreResult<Expired> expire(Timestamp) override { return test::unavailable(); }
  StoreResult<std::string> identity() override { return test::unavailable(); }
  StoreResult<Done> ping() override { return test::unavailable(); }

 private:
  void check_for_repetition(const UpdateList& rows) {
    std::set<std::pair<DeviceId, RowKey>> keys;
    for (const auto* row : rows)
      if (!keys.emplace(row->device_id, key_of(row->status)).second)
        world_.checker.violated("twice in one commit: " + text_of(*row));
  }

  // The connection breaks before the COMMIT or after it, or COPY tells that it took fewer rows than it was sent.
  StoreResult<Committed> broken(UpdateList rows, std::size_t fresh) {
    const bool refused =
        std::any_of(rows.begin(), rows.end(), [](auto* row) { return row->status.rssi == refused_rssi; });
    const int how = world_.random.below(3);
    if (how == 0 && fresh > 0 && !refused && world_.plant == Plant::row_count_ignored) {
      rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(fresh) - 1);
      write(rows);
      note("committed without one row", rows);
      return Committed{};
    }
    if (how == 1 && !refused) {
      write(rows);
      note("committed, outcome unknown", rows);
    } else {
      note("not committed, outcome unknown", rows);
    }
    ++world_.checker.figures.unknown_commits;
    return test::unavailable();
  }

  void write(const UpdateList& rows) {
    for (const auto* row : rows) {
      const auto [place, is_new] = world_.durable.rows[row->device_id].try_emplace(key_of(row->status), row->status);
      if (!is_new) place->second.received = std::max(place->second.received, row->status.received);
    }
    world_.checker.committed(rows);
  }

  void note(std::string_view what, const UpdateList& rows) {
    world_.note([&] {
      auto line = "  " + std::string(what) + ":";
      for (const auto* row : rows) line += "\n    " + text_of(*row);
      return line;
    });
  }

  SimulatedStore& store_;
  World& world_;
};

StoreResult<std::unique_ptr<Session>> SimulatedStore::open() {
  if (fails()) return test::unavailable();
  return std::unique_ptr<Session>(std::make_unique<SimulatedSession>(*this));
}

// The simulated processes open neither of these.
StoreResult<std::unique_ptr<Migrator>> SimulatedStore::open_migrator() { return test::unavailable(); }
StoreResult<std::unique_ptr<KeyStore>> SimulatedStore::open_keys() { return test::unavailable(); }

}  // namespace ubiety::simulation
