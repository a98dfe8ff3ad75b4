// The merger and the reader of a Process.
#include <algorithm>
#include <utility>

#include "actors/store/spawn.hpp"
#include "simulation/process.hpp"

namespace ubiety::simulation {

// The product's loop asks the same before each merge.
void Process::merger_step() {
  if (!loaded()) return;
  merger_.run([this] { merge_or_sweep(); });
}

// A sweep that failed waits, and merges go on meanwhile.
void Process::merge_or_sweep() {
  const auto removals = state_.removals.load();
  if (std::exchange(seen_removals_, removals) != removals) is_swept_ = false;
  if (is_swept_ || merges_before_sweep_ > 0) {
    merges_before_sweep_ = std::max(0, merges_before_sweep_ - 1);
    return merge();
  }
  sweep();
}

void Process::sweep() {
  const auto swept = merging_connection_.use([](Session& session) { return session.sweep(); });
  if (swept)
    is_swept_ = !swept->has_more;
  else
    merges_before_sweep_ = world_.random.below(3);
}

void Process::merge() {
  const auto through = state_.committed.get();
  if (through.empty()) return;
  world_.note([] { return "merge"; });
  if (world_.plant == Plant::tail_trimmed_too_early) drop_merged(through);
  const auto merged = merging_connection_.use([&](Session& session) -> StoreResult<log::Positions> {
    try {
      return session.merge(through, cursor_);
    } catch (const log::MergeInterrupted& interruption) {
      ++world_.checker.figures.interrupted_merges;
      return Failure{StoreFailure{StoreFailure::Kind::rejected, interruption.what()}};
    }
  });
  if (merged) drop_merged(*merged);
}

// The request is behind all messages that the shard has, and the merger waits for the answer.
UnmergedDevices Process::ask_for_unmerged(std::size_t shard, const CollectUnmerged& request) {
  mailboxes_[shard].emplace_back(request);
  for (answer_.reset(); !answer_;) deliver(static_cast<std::uint32_t>(shard));
  return std::move(*std::exchange(answer_, {}));
}

void Process::drop_merged(const log::Positions& merged) {
  const auto positions = std::make_shared<const log::Positions>(merged);
  for (auto& mailbox : mailboxes_) mailbox.emplace_back(DropMerged{positions});
}

void Process::ask_for_history(const DeviceId& device_id) {
  if (!loaded()) return;
  const auto ticket = world_.checker.asked_for_history(device_id);
  ReadHistory message{{.device_id = device_id, .limit = 1000},
                      world_.steady_now,
                      {[](void* checker, std::uint64_t asked, HistoryOutcome&& outcome) {
                         static_cast<Checker*>(checker)->history_read(asked, outcome.page);
                       },
                       &world_.checker, ticket}};
  mailboxes_[shard_of(device_id, shards())].emplace_back(std::move(message));
}

void Process::reader_step() {
  reader_.run([this] {
    if (for_reader_.empty()) return;
    auto message = std::move(for_reader_.front());
    for_reader_.pop_front();
    const ReadWith read_with = [this](const auto& read) { return reading_connection_.use(read); };
    auto outcome = read_history(read_with, message, state_.history_changes);
    if (!outcome) return;
    const auto& device_id = message.query.device_id;
    if (message.total_ticket)
      mailboxes_[shard_of(device_id, shards())].emplace_back(
          KeepTotal{device_id, *message.total_ticket, outcome->page.total_records});
    message.reply(std::move(*outcome));
  });
}

}  // namespace ubiety::simulation
