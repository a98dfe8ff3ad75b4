// The housekeeper of a Process: the start, and the recovery of lost shards.
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {

void Process::housekeeper_step() {
  housekeeper_.run([this] {
    if (!loaded()) return start();
    if (has_lost_shards()) recover_lost_shards();
  });
}

// First the spool, which is at hand, so that updates are taken while the store is away; then the store.
void Process::start() {
  world_.note([] { return "start"; });
  if (spool_ != nullptr && !accepting() && !recover_spool()) return;
  if (!store_.take_over()) return;
  const auto recovered = load_shards(connection_, shards(), load_shard());
  if (!recovered) return;
  for (const auto& [stream, sequence] : recovered->rows) state_.committed.raise_to({stream, sequence});
  state_.receipts.note_stored(recovered->newest_received);
  state_.readiness.set_loaded();
  for (auto& mailbox : mailboxes_) mailbox.emplace_back(ShardRecovered{0});
  world_.checker.loaded();
  ask_after_start();
}

// The product goes on without a spool that it cannot read. Here that is a fault of the moment.
bool Process::recover_spool() {
  const LoadShard load_none = [](std::uint32_t, const LoadStored&) {};
  const auto recovered = load_shards_from_spool(
      *spool_, shards(), false, world_.plant == Plant::spool_not_read_at_start ? load_none : load_shard());
  if (!recovered) return false;
  state_.receipts.note_stored(recovered->newest_received);
  state_.readiness.set_accepting();
  ++world_.checker.figures.starts_by_spool;
  world_.checker.removals_unknown();
  world_.note([] { return "updates are taken"; });
  return true;
}

LoadShard Process::load_shard() {
  return [this](std::uint32_t shard, LoadStored stored) { mailboxes_[shard].emplace_back(std::move(stored)); };
}

void Process::recover_lost_shards() {
  world_.note([&] { return std::to_string(lost_shards_.size()) + " shards are to be recovered"; });
  if (!load_lost_shards()) return;
  for (const auto& [shard, incarnation] : std::exchange(lost_shards_, {}))
    mailboxes_[shard].emplace_back(ShardRecovered{incarnation});
}

// The spool first: what is forwarded in between is then read twice, and not missed.
bool Process::load_lost_shards() {
  const LoadShard load_lost = [this](std::uint32_t shard, LoadStored stored) {
    if (lost_shards_.contains(shard)) mailboxes_[shard].emplace_back(std::move(stored));
  };
  const bool no_spool = spool_ == nullptr || world_.plant == Plant::spool_not_read_for_lost_shards;
  const auto from_spool = [&] { return no_spool || load_shards_from_spool(*spool_, shards(), false, load_lost).ok(); };
  const auto from_store = [&] { return load_shards(connection_, shards(), load_lost).ok(); };
  if (world_.plant == Plant::store_read_before_spool) return from_store() && from_spool();
  return from_spool() && from_store();
}

}  // namespace ubiety::simulation
