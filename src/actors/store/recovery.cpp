#include "actors/store/recovery.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "actors/parcel.hpp"
#include "storage/migrations.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

constexpr std::size_t statuses_per_message = 4096;

// Divides what is stored among the shards, and sends it in messages of a bounded size.
class Distributor final : public LoadSink {
 public:
  Distributor(std::uint32_t shards, bool is_latest_known, const LoadShard& load_shard)
      : load_shard_(load_shard), is_latest_known_(is_latest_known), gathered_(shards) {}

  // Times of receipt go on after a removal, so that it takes no new report away.
  void take_removal(log::Removal&& removal) override {
    recovered_.newest_received = std::max(recovered_.newest_received, removal.at);
    const auto shard = shard_of(removal.device_id);
    auto& gathered = gathered_[shard];
    gathered.removals.push_back(std::move(removal));
    if (++gathered.statuses == statuses_per_message) flush(shard);
  }

  void take_latest(log::LatestStatus&& latest) override {
    note(latest.update.status);
    const auto shard = shard_of(latest.update.device_id);
    auto& gathered = gathered_[shard];
    gathered.latest.push_back(std::move(latest));
    if (++gathered.statuses == statuses_per_message) flush(shard);
  }

  void take_row(log::Row&& row) override {
    recovered_.rows.raise_to(row.position);
    for (auto& update : row.updates) {
      note(update.status);
      const auto shard = shard_of(update.device_id);
      auto& [removals, latest, rows, statuses] = gathered_[shard];
      if (rows.empty() || rows.back().position != row.position) rows.push_back({row.position, {}});
      rows.back().updates.push_back(std::move(update));
      ++statuses;
    }
    // Between rows alone: a shard ignores a row that it has already.
    for (std::uint32_t shard = 0; shard < gathered_.size(); ++shard)
      if (gathered_[shard].statuses >= statuses_per_message) flush(shard);
  }

  void note_damage(log::Position position, const std::string& reason) override {
    ++recovered_.damaged;
    log::error("a row of the log cannot be read, and stays in the log",
               {{"stream", position.stream}, {"sequence", position.sequence}, {"reason", reason}});
  }

  void note_damaged_latest(const std::string& reason) override { damaged_latest_ = reason; }

  const std::optional<std::string>& damaged_latest() const { return damaged_latest_; }

  Recovered finish() {
    for (std::uint32_t shard = 0; shard < gathered_.size(); ++shard) flush(shard);
    return std::move(recovered_);
  }

 private:
  struct Gathered {
    std::vector<log::Removal> removals;
    std::vector<log::LatestStatus> latest;
    std::vector<log::Row> rows;
    std::size_t statuses = 0;
  };

  std::uint32_t shard_of(const DeviceId& device_id) const {
    return ubiety::shard_of(device_id, static_cast<std::uint32_t>(gathered_.size()));
  }

  void note(const Status& status) {
    recovered_.newest_received = std::max(recovered_.newest_received, status.received);
  }

  void flush(std::uint32_t shard) {
    auto& [removals, latest, rows, statuses] = gathered_[shard];
    if (statuses == 0) return;
    load_shard_(shard, {std::make_shared<std::vector<log::LatestStatus>>(std::exchange(latest, {})),
                        std::make_shared<std::vector<log::Row>>(std::exchange(rows, {})), is_latest_known_, nullptr,
                        std::make_shared<std::vector<log::Removal>>(std::exchange(removals, {}))});
    statuses = 0;
  }

  const LoadShard& load_shard_;
  const bool is_latest_known_;
  Recovered recovered_;
  std::optional<std::string> damaged_latest_;
  std::vector<Gathered> gathered_;  // by shard
};

// Passes on the rows of some streams.
class RowsOf final : public LoadSink {
 public:
  RowsOf(const log::Positions& streams, LoadSink& sink) : sink_(sink) {
    for (const auto& [stream, sequence] : streams) streams_.insert(stream);
  }

  void take_removal(log::Removal&& removal) override { sink_.take_removal(std::move(removal)); }
  void take_latest(log::LatestStatus&&) override {}
  void take_row(log::Row&& row) override {
    if (streams_.contains(row.position.stream)) sink_.take_row(std::move(row));
  }
  void note_damage(log::Position position, const std::string& reason) override {
    if (streams_.contains(position.stream)) sink_.note_damage(position, reason);
  }
  void note_damaged_latest(const std::string&) override {}

 private:
  std::set<log::StreamId> streams_;
  LoadSink& sink_;
};

}  // namespace

StoreResult<Done> prepare_schema(Store& store, bool may_migrate) {
  auto migrator = store.open_migrator();
  if (!migrator) return Failure{migrator.error()};
  const auto up_to_date = (*migrator)->is_up_to_date();
  if (!up_to_date) return Failure{up_to_date.error()};
  if (*up_to_date) return Done{};
  if (!may_migrate)
    return Failure{StoreFailure{
        StoreFailure::Kind::rejected,
        "the schema is not up to date: run `ubietyd migrate up`, or start the service with AUTO_MIGRATE=true"}};
  const auto applied = (*migrator)->up([&](const std::string& progress) {
    log::info("converting the history", {{"store", store.name()}, {"progress", progress}});
  });
  if (!applied) return Failure{applied.error()};
  log::info("schema migrated", {{"store", store.name()}, {"migrations", *applied}});
  return Done{};
}

StoreResult<Recovered> load_shards(StoreConnection& connection, std::uint32_t shards, const LoadShard& load_shard) {
  Distributor distributor(shards, true, load_shard);
  const auto loaded = connection.use([&](Session& session) { return session.load(distributor); });
  if (!loaded) return Failure{loaded.error()};
  if (const auto& reason = distributor.damaged_latest())
    return Failure{StoreFailure{StoreFailure::Kind::rejected,
                                "some latest statuses cannot be read (" + *reason +
                                    "): run `ubietyd verify --repair`, which rebuilds them from the history"}};
  return distributor.finish();
}

StoreResult<Recovered> load_lost_merges(StoreConnection& connection, const log::Positions& merged, std::uint32_t shards,
                                        const LoadShard& load_shard) {
  const auto shared = std::make_shared<const log::Positions>(merged);
  for (std::uint32_t shard = 0; shard < shards; ++shard) load_shard(shard, {nullptr, nullptr, false, shared});
  Distributor distributor(shards, false, load_shard);
  RowsOf rows(merged, distributor);
  const auto loaded = connection.use([&](Session& session) { return session.load(rows); });
  if (!loaded) return Failure{loaded.error()};
  return distributor.finish();
}

StoreResult<Recovered> load_shards_from_spool(Spool& spool, std::uint32_t shards, bool is_latest_known,
                                              const LoadShard& load_shard) {
  Distributor distributor(shards, is_latest_known, load_shard);
  const auto read = spool.read_all([&](log::Row&& row) { distributor.take_row(std::move(row)); });
  if (!read) return Failure{read.error()};
  auto recovered = distributor.finish();
  recovered.damaged = spool.set_aside();
  if (recovered.damaged != 0)
    log::error("rows of the spool cannot be read, and are set aside in its file", {{"rows", recovered.damaged}});
  return recovered;
}

}  // namespace ubiety
