#include "actors/store/recovery.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "actors/shard/shard_of.hpp"
#include "storage/migrations.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

constexpr std::size_t statuses_per_message = 4096;

// Groups statuses by shard and sends them in messages of a bounded size.
class ShardBatcher {
 public:
  ShardBatcher(std::uint32_t shards, const LoadShard& load_shard) : load_shard_(load_shard), gathered_(shards) {}

  // The checkpoint's statuses come first and are sent first.
  void take(StatusUpdate&& update, Origin origin) {
    if (origin != origin_) {
      flush_all();
      origin_ = origin;
    }
    const auto shard = shard_of(update.device_id, static_cast<std::uint32_t>(gathered_.size()));
    gathered_[shard].push_back(std::move(update));
    if (gathered_[shard].size() == statuses_per_message) flush(shard);
  }

  void flush_all() {
    for (std::uint32_t shard = 0; shard < gathered_.size(); ++shard) flush(shard);
  }

 private:
  void flush(std::uint32_t shard) {
    if (gathered_[shard].empty()) return;
    load_shard_(shard, {origin_, std::make_shared<std::vector<StatusUpdate>>(std::move(gathered_[shard]))});
    gathered_[shard].clear();
  }

  const LoadShard& load_shard_;
  Origin origin_ = Origin::checkpoint;
  std::vector<std::vector<StatusUpdate>> gathered_;
};

}  // namespace

StoreResult<Done> prepare_schema(Store& store, bool may_migrate) {
  auto migrator = store.open_migrator();
  if (!migrator) return Failure{migrator.error()};
  const auto states = (*migrator)->status();
  if (!states) return Failure{states.error()};
  const bool up_to_date = std::all_of(states->begin(), states->end(), [](const auto& state) { return state.applied; });
  if (up_to_date) return Done{};
  if (!may_migrate)
    return Failure{StoreFailure{
        StoreFailure::Kind::rejected,
        "the schema is not up to date: run `ubietyd migrate up`, or start the service with AUTO_MIGRATE=true"}};
  const auto applied = (*migrator)->up();
  if (!applied) return Failure{applied.error()};
  log::info("schema migrated", {{"store", store.name()}, {"migrations", *applied}});
  return Done{};
}

StoreResult<Recovered> load_shards(StoreConnection& connection, std::uint32_t shards, const LoadShard& load_shard) {
  ShardBatcher batcher(shards, load_shard);
  auto recovered = connection.use([&](Session& session) {
    return session.load_latest([&](StatusUpdate&& update, Origin origin) { batcher.take(std::move(update), origin); });
  });
  if (recovered) batcher.flush_all();
  return recovered;
}

StoreResult<Recovered> load_shards_from_spool(Spool& spool, std::uint32_t shards, const LoadShard& load_shard) {
  ShardBatcher batcher(shards, load_shard);
  const auto floor = spool.received_floor().value_or(Timestamp{});
  Recovered recovered{floor, floor};
  const auto read = spool.read_all([&](StatusUpdate&& update, Origin origin) {
    recovered.newest_received = std::max(recovered.newest_received, update.status.received);
    batcher.take(std::move(update), origin);
  });
  if (!read) return Failure{read.error()};
  batcher.flush_all();
  return recovered;
}

}  // namespace ubiety
