#include "actors/shard/shard_actor.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <utility>

#include "actors/shard/attention_scan.hpp"
#include "actors/shard/feed_reader.hpp"
#include "telemetry/log.hpp"

namespace ubiety {

void SupervisedShard::take_parcels() {
  auto parcels = port_.take();
  if (!parcels.empty()) try_to([&](Shard& shard) { shard.submit(std::move(parcels)); });
}

void SupervisedShard::replace(std::string_view reason) {
  port_.view().hide();
  shard_ = shard_->successor();
  ++incarnation_;
  if (std::exchange(complete_, false)) state_.readiness.shard_lost();
  const auto restarts = ++state_.metrics.restarts;
  log::error("a shard failed and is replaced",
             {{"shard", shard_->number()}, {"reason", reason}, {"restarts", restarts}});
  ask_for_recovery_({shard_->number(), incarnation_});
}

void SupervisedShard::recovered(const ShardRecovered& message) {
  if (message.incarnation != incarnation_) return;
  shard_->set_complete();
  port_.view().show(shard_->table());
  if (std::exchange(complete_, true)) return;
  state_.readiness.shard_found();
  log::info("a shard is recovered", {{"shard", shard_->number()}});
}

// A table that lacks devices may take an old status for the latest: the store must not have that.
UnmergedDevices SupervisedShard::collect(const CollectUnmerged& request) {
  UnmergedDevices devices;
  use_complete([&](Shard& shard) { devices = shard.collect(request); });
  return devices;
}

FoundDevices SupervisedShard::find(const FindDevices& request) {
  FoundDevices devices;
  use_complete([&](Shard& shard) { devices = shard.find(request); });
  return devices;
}

// Until all devices are loaded, silence is not looked for.
FleetChanges SupervisedShard::find_changes(const FindChanges& message) {
  FleetChanges changes;
  changes.groups.resize(message.groups->size());
  if (complete_) use_to_write([&](Shard& shard) { changes = shard.find_changes(message); });
  return changes;
}

Census SupervisedShard::census(const TakeCensus& message) {
  Census census{std::vector<GroupCensus>(message.questions->size())};
  use_complete([&](Shard& shard) { census = shard.census(message); });
  return census;
}

namespace {

class Handlers {
 public:
  Handlers(ShardActor::pointer self, ShardActorOptions options)
      : self_(self),
        readers_(std::move(options.readers)),
        history_metrics_(options.state->metrics.histories),
        listening_(options.state->listening),
        shard_(std::make_unique<Shard>(options.shard, hooks(self, options.writer)), *options.state, *options.port,
               std::move(options.ask_for_recovery)) {}

  void take_parcels() { shard_.look_for_parcels(); }

  void read_latest(const ReadLatest& message) {
    shard_.use_complete([&](Shard& shard) { shard.read_latest(*message.queries); });
  }

  void set_mutes(const MutesChanged& message) {
    shard_.use_to_write([&](Shard& shard) { shard.set_mutes(message.mutes); });
    self_->send(self_, CountMuted{});
  }

  // A shard that is being recovered may be counted before it has all devices: those that come are counted, too.
  void count_muted() {
    shard_.use_to_write([this](Shard& shard) {
      if (!shard.count_muted()) self_->send(self_, CountMuted{});
    });
  }

  void read_devices(const ReadDevices& message) {
    shard_.use_complete([&](Shard& shard) { message.reply(shard.read_devices(message)); });
  }

  void read_summary(ReadSummary& message) {
    shard_.use_complete([&](Shard& shard) {
      if (shard.begin_scan(std::move(message))) self_->send(self_, ContinueScans{});
    });
  }

  void continue_scans() {
    shard_.use_complete([&](Shard& shard) {
      if (shard.continue_scans()) self_->send(self_, ContinueScans{});
    });
  }

  // Answered in any case: the feed waits for all shards.
  void read_feed(const ReadFeed& message) {
    std::vector<ChannelNews> news;
    shard_.use_complete([&](const Shard& shard) {
      const auto now = listening_.moment_at(std::chrono::steady_clock::now()).now;
      news = ubiety::read_feed(shard.table(), now, *message.channels);
    });
    message.reply(std::move(news));
  }

  void count_fleet(const CountFleet& message) {
    shard_.use_complete([&](Shard& shard) {
      if (message.groups) message.groups->add(shard.table().watch().group_totals());
      message.reply({shard.number(), shard.table().totals()});
    });
  }

  void look_for_attention(const std::shared_ptr<AttentionScan>& scan) {
    shard_.use_complete([&](Shard& shard) {
      if (!scan->advance(shard.table())) self_->send(self_, ContinueAttention{scan});
    });
  }

  void read_history(ReadHistory& message) {
    shard_.use_complete([&](Shard& shard) {
      if (auto outcome = shard.answer_or_prepare(message)) {
        if (outcome->kind == HistoryOutcome::Kind::page) ++history_metrics_.from_tail;
        return message.reply(std::move(*outcome));
      }
      self_->send(readers_[next_reader_++ % readers_.size()], std::move(message));
    });
  }

  void keep_total(const KeepTotal& message) {
    shard_.use([&](Shard& shard) { shard.keep_total(message); });
  }

  void batch_done(const BatchDone& message) {
    shard_.use_to_write([&](Shard& shard) { shard.batch_done(*message.batch, message.committed); });
  }

  void end_linger() {
    shard_.use([](Shard& shard) { shard.end_linger(); });
  }

  void load(LoadStored& message) {
    shard_.use_to_write([&](Shard& shard) { shard.load(message); });
  }

  void recovered(const ShardRecovered& message) { shard_.recovered(message); }

  UnmergedDevices collect(const CollectUnmerged& message) { return shard_.collect(message); }

  void drop_merged(const DropMerged& message) {
    shard_.use([&](Shard& shard) { shard.drop_merged(*message.merged); });
  }

  FoundDevices find(const FindDevices& message) { return shard_.find(message); }

  void show_again(const ShowAgain& message) {
    shard_.use_to_write([&](Shard& shard) { shard.show_again(*message.removals); });
  }

  ForgotDevices forget(const ForgetDevices& message) {
    shard_.use_to_write([&](Shard& shard) { shard.forget(*message.removals); });
    return {};
  }

  void forget_removals(const ForgetRemovals& message) {
    shard_.use([&](Shard& shard) { shard.forget_removals(message.before); });
  }

  FleetChanges find_changes(const FindChanges& message) { return shard_.find_changes(message); }

  Census census(const TakeCensus& message) { return shard_.census(message); }

  void follow(const SilenceDecided& message) {
    shard_.use_to_write([&](Shard& shard) { shard.follow(message); });
  }

  void resend(const ResendLost& message) {
    shard_.use([&](Shard& shard) { shard.resend(message); });
  }

 private:
  static ShardHooks hooks(ShardActor::pointer self, const WriterActor& writer) {
    return {[self, writer](std::shared_ptr<Batch> batch) { self->send(writer, CommitBatch{std::move(batch)}); },
            [self](std::shared_ptr<Batch> batch) { self->send(self, BatchDone{std::move(batch)}); },
            std::chrono::steady_clock::now,
            [self](std::chrono::microseconds delay) { self->delayed_send(self, delay, EndLinger{}); }};
  }

  const ShardActor::pointer self_;
  const std::vector<ReaderActor> readers_;
  std::size_t next_reader_ = 0;
  HistoryMetrics& history_metrics_;
  Listening& listening_;
  SupervisedShard shard_;
};

}  // namespace

ShardActor::behavior_type shard_actor(ShardActor::pointer self, ShardActorOptions options) {
  const auto handlers = std::make_shared<Handlers>(self, std::move(options));
  return {
      [handlers](const TakeParcels&) { handlers->take_parcels(); },
      [handlers](const ReadLatest& message) { handlers->read_latest(message); },
      [handlers](const MutesChanged& message) { handlers->set_mutes(message); },
      [handlers](const CountMuted&) { handlers->count_muted(); },
      [handlers](const ReadDevices& message) { handlers->read_devices(message); },
      [handlers](ReadSummary& message) { handlers->read_summary(message); },
      [handlers](const ContinueScans&) { handlers->continue_scans(); },
      [handlers](const ReadFeed& message) { handlers->read_feed(message); },
      [handlers](const CountFleet& message) { handlers->count_fleet(message); },
      [handlers](ReadAttention& message) {
        handlers->look_for_attention(std::make_shared<AttentionScan>(std::move(message)));
      },
      [handlers](const ContinueAttention& message) { handlers->look_for_attention(message.scan); },
      [handlers](ReadHistory& message) { handlers->read_history(message); },
      [handlers](const KeepTotal& message) { handlers->keep_total(message); },
      [](const ProveAlive& message) { message.reply({}); },
      [handlers](const BatchDone& message) { handlers->batch_done(message); },
      [handlers](const EndLinger&) { handlers->end_linger(); },
      [handlers](LoadStored& message) { handlers->load(message); },
      [handlers](const ShardRecovered& message) { handlers->recovered(message); },
      [handlers](const CollectUnmerged& message) { return handlers->collect(message); },
      [handlers](const DropMerged& message) { handlers->drop_merged(message); },
      [handlers](const ResendLost& message) { handlers->resend(message); },
      [handlers](const FindDevices& message) { return handlers->find(message); },
      [handlers](const ForgetDevices& message) { return handlers->forget(message); },
      [handlers](const ShowAgain& message) { handlers->show_again(message); },
      [handlers](const ForgetRemovals& message) { handlers->forget_removals(message); },
      [handlers](const FindChanges& message) { return handlers->find_changes(message); },
      [handlers](const TakeCensus& message) { return handlers->census(message); },
      [handlers](const SilenceDecided& message) { handlers->follow(message); },
  };
}

}  // namespace ubiety
