// The housekeeper of a Process: the start, the checkpoint's rounds, what lost shards need.
#include <algorithm>
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {
namespace {

constexpr std::size_t statuses_per_part = 2;  // so few that a collection has parts

}  // namespace

void Process::housekeeper_step() {
  housekeeper_.run([this] {
    if (!loaded()) return start();
    if (in_round_) return go_on_with_round();
    if (has_lost_shards()) return recover_lost_shards();
    lower_watermark_ahead_of_clock();
    begin_round();
  });
}

// First the spool, which is at hand, so that updates are taken while the store is away; then the store.
void Process::start() {
  world_.note([] { return "start"; });
  if (spool_ != nullptr && !accepting() && !recover_spool()) return;
  auto recovered = load_shards(connection_, shards(), load_shard());
  if (recovered && !load_spool_without_floor(*recovered)) return;
  if (!recovered || !checkpoint_->go_on_after_store(*recovered, world_.clock.now(), accepting(), connection_)) return;
  if (world_.plant == Plant::floor_not_raised) checkpoint_->leave_spool();
  state_.readiness.set_loaded();
  for (auto& mailbox : mailboxes_) mailbox.emplace_back(ShardRecovered{0});
  world_.checker.loaded();
  ask_after_start();
}

// The product goes on without a spool that it cannot read. Here that is a fault of the moment.
bool Process::load_spool_without_floor(Recovered& recovered) {
  if (spool_ == nullptr || accepting()) return true;
  const auto read = load_shards_from_spool(*spool_, shards(), load_shard());
  if (read) recovered.newest_received = std::max(recovered.newest_received, read->newest_received);
  return read.ok();
}

bool Process::recover_spool() {
  if (!spool_->received_floor()) return true;  // only the store knows the time
  const LoadShard load_none = [](std::uint32_t, const LoadStatuses&) {};
  const auto recovered = load_shards_from_spool(
      *spool_, shards(), world_.plant == Plant::spool_not_read_at_start ? load_none : load_shard());
  if (!recovered) return false;
  checkpoint_->go_on_after_spool(*recovered);
  state_.readiness.set_accepting();
  ++world_.checker.figures.starts_by_spool;
  world_.note([] { return "updates are taken"; });
  return true;
}

void Process::lower_watermark_ahead_of_clock() {
  const auto now = world_.clock.now();
  if (state_.receipts.floor() <= now + ReceiveClock::max_ahead) return;
  world_.note([&] { return "the watermark is lowered to " + format_timestamp(now); });
  ++world_.checker.figures.lowered_watermarks;
  (void)checkpoint_->lower_watermark(now, connection_);  // else the next step does it
}

LoadShard Process::load_shard() {
  return [this](std::uint32_t shard, LoadStatuses statuses) { mailboxes_[shard].emplace_back(std::move(statuses)); };
}

void Process::begin_round() {
  if (!checkpoint_->begin(connection_)) return;
  in_round_ = true;
  all_complete_ = true;
  asked_ = 0;
  ask_for_changes(CollectChanges::Wanted::changes);
}

void Process::ask_for_changes(CollectChanges::Wanted wanted) {
  answer_.reset();
  mailboxes_[asked_].emplace_back(CollectChanges{checkpoint_->handed_over(), statuses_per_part, wanted});
}

void Process::go_on_with_round() {
  if (!answer_) return;
  auto& changes = *answer_;
  const bool more = changes.more && world_.plant != Plant::parts_not_asked_for;
  if (changes.statuses == nullptr) {
    all_complete_ = false;
  } else {
    if (world_.plant == Plant::watermark_too_far) changes.watermark = std::max(last_received_, changes.watermark);
    if (!checkpoint_->write(changes, connection_)) {
      in_round_ = false;
      if (world_.plant == Plant::changes_forgotten) checkpoint_.emplace(state_.receipts, spool_);
      return;
    }
  }
  if (more) return ask_for_changes(CollectChanges::Wanted::more);
  if (++asked_ < shards()) return ask_for_changes(CollectChanges::Wanted::changes);
  finish_round();
}

void Process::finish_round() {
  in_round_ = false;
  if (!all_complete_) return;
  // Some processes believe their clock, as after an hour.
  const auto latest = believes_clock_ ? latest_timestamp : settled_clock_.now(world_.steady_now);
  (void)checkpoint_->finish(latest, connection_);  // else the next round does it
}

void Process::recover_lost_shards() {
  world_.note([&] { return std::to_string(lost_shards_.size()) + " shards are to be recovered"; });
  if (!load_lost_shards()) return;
  for (const auto& [shard, incarnation] : std::exchange(lost_shards_, {}))
    mailboxes_[shard].emplace_back(ShardRecovered{incarnation});
}

// The spool first: what is forwarded in between is then read twice, and not missed.
bool Process::load_lost_shards() {
  const LoadShard load_lost = [this](std::uint32_t shard, LoadStatuses statuses) {
    if (lost_shards_.contains(shard)) mailboxes_[shard].emplace_back(std::move(statuses));
  };
  const bool no_spool = spool_ == nullptr || world_.plant == Plant::spool_not_read_for_lost_shards;
  const auto from_spool = [&] { return no_spool || load_shards_from_spool(*spool_, shards(), load_lost).ok(); };
  const auto from_store = [&] { return load_shards(connection_, shards(), load_lost).ok(); };
  if (world_.plant == Plant::store_read_before_spool) return from_store() && from_spool();
  return from_spool() && from_store();
}

}  // namespace ubiety::simulation
