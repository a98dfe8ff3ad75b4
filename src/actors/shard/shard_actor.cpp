#include "actors/shard/shard_actor.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>

#include "actors/shard/supervised_shard.hpp"

namespace ubiety {

ShardActor::behavior_type shard(ShardActor::pointer self, ShardOptions options) {
  const auto hand_over = [self, writer = options.writer](std::shared_ptr<Batch> batch) {
    self->send(writer, CommitBatch{std::move(batch)});
  };
  const LingerOptions linger_options{
      options.commit_linger, [self](std::chrono::microseconds delay) { self->delayed_send(self, delay, EndLinger{}); }};
  auto state = std::make_shared<SupervisedShard>(
      std::make_unique<Shard>(options.number, NewerThan(options.max_clock_skew), options.encoder, hand_over,
                              std::chrono::steady_clock::now, linger_options, options.remembered_histories),
      *options.state, *options.view, *options.intake, std::move(options.ask_for_recovery));
  auto next_reader = std::make_shared<std::size_t>(0);
  return {
      [state](const TakeSubmissions&) { state->take_submissions(); },
      [state](SubmitGroup& message) {
        state->take_submissions();
        state->use([&](Shard& shard) { shard.submit(std::move(message.group)); });
      },
      [state](ReadLatest& message) { state->use_complete([&](Shard& shard) { shard.read_latest(*message.queries); }); },
      [self, state](ReadSummary& message) {
        state->use_complete([&](Shard& shard) {
          if (shard.begin_scan(std::move(message))) self->send(self, ContinueScans{});
        });
      },
      [self, state](const ContinueScans&) {
        state->use_complete([&](Shard& shard) {
          if (shard.continue_scans()) self->send(self, ContinueScans{});
        });
      },
      [self, state](CountFleet& message) {
        state->use_complete([&](Shard& shard) {
          if (shard.count_fleet(message)) return message.reply({shard.number(), message.counts});
          self->send(self, message);
        });
      },
      [self, state, next_reader, metrics = &options.state->history_metrics(),
       readers = std::move(options.readers)](ReadHistory& message) {
        state->use_complete([&](Shard& shard) {
          if (!shard.knows(message.query.device_id)) return message.reply({HistoryOutcome::Kind::unknown_device, {}});
          if (auto page = shard.remembered_or_prepared(message)) {
            metrics->from_memory.fetch_add(1, std::memory_order_relaxed);
            return message.reply({HistoryOutcome::Kind::page, std::move(*page)});
          }
          self->send(readers[(*next_reader)++ % readers.size()], std::move(message));
        });
      },
      [](const ProveAlive& message) { message.reply({}); },
      [state](const KeepHistory& message) { state->use([&](Shard& shard) { shard.keep_history(message); }); },
      [state](const ForgetHistories&) { state->use([](Shard& shard) { shard.forget_histories(); }); },
      [state](BatchDone& message) {
        state->take_submissions();
        state->use_to_write([&](Shard& shard) { shard.batch_done(*message.batch, message.committed); });
      },
      [state](const EndLinger&) {
        state->take_submissions();
        state->use([](Shard& shard) { shard.end_linger(); });
      },
      [state](LoadStatuses& message) {
        state->use_to_write([&](Shard& shard) { shard.load(*message.statuses, message.origin); });
      },
      [state](const ShardRecovered& message) { state->recovered(message); },
      [state](const CollectChanges& message) { return state->collect_changes(message); },
  };
}

}  // namespace ubiety
