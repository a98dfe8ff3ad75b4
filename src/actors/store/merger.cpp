#include "actors/store/merger.hpp"

#include <caf/blocking_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include "actors/store/own_thread.hpp"
#include "actors/store/recovery.hpp"
#include "actors/store/spawn.hpp"
#include "actors/store/store_connection.hpp"
#include "actors/store/store_watch.hpp"
#include "domain/clock.hpp"
#include "telemetry/log.hpp"

namespace ubiety {

// -- the cursor --

void MergeCursor::begin(const log::Positions& through, std::string_view after) {
  through_ = std::make_shared<const log::Positions>(through);
  for (auto& part : parts_) part = {{}, DeviceId(after), true};
  returned_ = {};
  updates_ = 0;
}

std::vector<log::DeviceToMerge> MergeCursor::next() {
  const auto now = std::chrono::steady_clock::now();
  if (returned_ != std::chrono::steady_clock::time_point{} && !pause_(now - returned_))
    throw log::MergeInterrupted("the service stops");
  std::vector<log::DeviceToMerge> slice;
  for (bool more = true; more && slice.empty();) {
    const auto behind = shard_behind();
    more = behind.has_value();
    take_up_to(behind ? &parts_[*behind].reached : nullptr, slice);
    if (slice.empty() && behind) refill(*behind);
  }
  for (const auto& device : slice) updates_ += device.records.size();
  returned_ = std::chrono::steady_clock::now();
  return slice;
}

std::optional<std::size_t> MergeCursor::shard_behind() const {
  std::optional<std::size_t> behind;
  for (std::size_t shard = 0; shard < parts_.size(); ++shard)
    if (parts_[shard].more && (!behind || parts_[shard].reached < parts_[*behind].reached)) behind = shard;
  return behind;
}

void MergeCursor::refill(std::size_t shard) {
  auto& part = parts_[shard];
  auto answer = ask_(shard, {through_, part.reached, most_records});
  if (answer.devices == nullptr) throw log::MergeInterrupted("a shard is being recovered");
  std::move(answer.devices->begin(), answer.devices->end(), std::back_inserter(part.devices));
  part.reached = std::move(answer.reached);
  part.more = answer.more;
}

// Takes the first devices of all shards, none behind `last`, as many as fit into a slice.
void MergeCursor::take_up_to(const DeviceId* last, std::vector<log::DeviceToMerge>& slice) {
  const auto id_of_first = [](const Part& part) -> const DeviceId& {
    return part.devices.front().latest.update.device_id;
  };
  std::size_t records = 0;
  while (slice.size() < most_devices && records < most_records) {
    Part* first = nullptr;
    for (auto& part : parts_)
      if (!part.devices.empty() && (first == nullptr || id_of_first(part) < id_of_first(*first))) first = &part;
    if (first == nullptr || (last != nullptr && id_of_first(*first) > *last)) return;
    records += first->devices.front().records.size();
    slice.push_back(std::move(first->devices.front()));
    first->devices.pop_front();
  }
}

// -- the merger --

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto look_interval = 100ms;
constexpr auto retry_interval = 1s;
constexpr auto compaction_interval = 1min;   // after the last piece
constexpr auto sweep_retry_interval = 1min;  // merges go on meanwhile
constexpr auto forgetting_interval = 1h;
constexpr auto removals_kept = std::chrono::days(7);  // docs/API.md names it
// How many times as long as it worked the merger rests, so that updates need not wait. With 50, fewer than one of fifty
// meets a step. A day may take hours to compact, but no longer than a day.
constexpr int usual_rest = 10, rest_from_compaction = 50;
constexpr auto longest_pause = 500ms;

class Merger {
 public:
  Merger(caf::blocking_actor* self, Store& store, ServiceState& state, const Clock& clock, MergerOptions options)
      : self_(self),
        inbox_(self),
        state_(state),
        options_(std::move(options)),
        settled_clock_(clock),
        connection_(store, "merger", report_changes(), Sharing::takes, &state.metrics.sessions),
        cursor_(
            options_.shards.size(),
            [this](std::size_t shard, const CollectUnmerged& request) { return ask(shard, request); },
            [this](Steady::duration busy) { return pause(busy); }) {}

  void run() {
    for (Steady::duration wait = look_interval; !inbox_.exits_within(wait);) {
      wait = look_interval;
      const auto now = settled_clock_.now();
      const auto& readiness = state_.readiness;
      if (!readiness.is_loaded() || !readiness.is_owner() || !readiness.store_answers()) continue;
      if (const auto interruptions = state_.interruptions.load(std::memory_order_relaxed);
          std::exchange(seen_interruptions_, interruptions) != interruptions)
        has_all_merges_ = false;
      if (!has_all_merges_) has_all_merges_ = restore_lost_merges();
      if (const auto removals = state_.removals.load(); std::exchange(seen_removals_, removals) != removals)
        is_swept_ = false;
      if (!has_all_merges_)
        wait = retry_interval;
      else if (!is_swept_ && Steady::now() >= sweep_from_)
        wait = sweep();
      else if (is_merge_due(now))
        wait = merge() ? 0ms : retry_interval;
      else if (forgetting_.is_due() || forgets_before_)
        wait = forget_removals(now);
      else if (Steady::now() >= compact_from_)
        wait = compact(now);
    }
  }

 private:
  // After an interruption the store may be another: a standby that lacks merges. Then the log has rows again that the
  // tails have dropped. Returns whether the tails have them now.
  bool restore_lost_merges() {
    if (lost_.empty()) {
      auto lost = connection_.use([](Session& session) { return session.lost_merges(); });
      if (!lost || lost->empty()) return lost.ok();
      lost_ = std::move(*lost);
    }
    const auto load_shard = [this](std::uint32_t shard, LoadStored stored) {
      self_->send(options_.shards[shard], std::move(stored));
    };
    const auto loaded =
        load_lost_merges(connection_, lost_, static_cast<std::uint32_t>(options_.shards.size()), load_shard);
    if (!loaded) return false;
    wait_for_shards();
    lost_ = {};
    state_.problems.set(ServiceProblem::lost_commits, true);
    log::error("the store has lost a merge; its updates are read from the log again", {});
    return true;
  }

  // A large merge finds many updates of a device, which costs less disk. Updates of a day that is over are merged, so
  // that the day can be compacted.
  bool is_merge_due(Timestamp now) const {
    const auto tail = options_.tail();
    if (tail.bytes > options_.tail_memory) return true;
    return tail.updates != 0 && day_of(tail.oldest_received) < day_of(now);
  }

  static std::int64_t day_of(Timestamp time) {
    constexpr std::int64_t day = 86'400'000'000;
    return (time.microseconds - (time.microseconds < 0 ? day - 1 : 0)) / day;
  }

  bool merge() {
    const auto through = state_.committed.get();
    if (through.empty()) return false;
    const auto began = Steady::now();
    const auto merged = attempt(through);
    auto& metrics = state_.metrics.merges;
    if (!merged) {
      ++metrics.failures;
      if (!inbox_.exits() && failures_.is_due(merged.error().message, Steady::now()))
        log::warning("a merge failed, and will be repeated", {{"reason", merged.error().message}});
      return false;
    }
    failures_.reset();
    const auto positions = std::make_shared<const log::Positions>(*merged);
    for (const auto& shard : options_.shards) self_->send(shard, DropMerged{positions});
    wait_for_shards();
    const std::chrono::duration<double> took = Steady::now() - began;
    metrics.seconds.observe(took.count());
    metrics.updates.fetch_add(cursor_.updates(), std::memory_order_relaxed);
    log::info("merged", {{"updates", cursor_.updates()}, {"seconds", took.count()}});
    options_.give_back_memory();
    return true;
  }

  StoreResult<log::Positions> attempt(const log::Positions& through) {
    return connection_.use([&](Session& session) -> StoreResult<log::Positions> {
      try {
        return session.merge(through, cursor_);
      } catch (const log::MergeInterrupted& interruption) {
        return Failure{StoreFailure{StoreFailure::Kind::rejected, interruption.what()}};
      }
    });
  }

  // Until each shard has dropped what is merged: the next look at the tail's size would find the old one.
  void wait_for_shards() {
    const CollectUnmerged nothing{std::make_shared<const log::Positions>(), {}, 0};
    for (std::size_t shard = 0; shard < options_.shards.size(); ++shard) ask(shard, nothing);
  }

  UnmergedDevices ask(std::size_t shard, const CollectUnmerged& request) {
    UnmergedDevices answer;
    self_->request(options_.shards[shard], caf::infinite, request)
        .receive([&](UnmergedDevices& devices) { answer = std::move(devices); }, [](const caf::error&) {});
    if (answer.devices != nullptr) leave_out_expired(*answer.devices);
    return answer;
  }

  // What is expired would be removed soon after the merge. The device's latest status stays.
  void leave_out_expired(std::vector<log::DeviceToMerge>& devices) const {
    const auto is_expired = [expired_before = state_.history_changes.expired_before()](const Status& record) {
      return record.timestamp < expired_before;
    };
    for (auto& device : devices) std::erase_if(device.records, is_expired);
  }

  static Steady::duration rest(int times, Steady::duration busy) {
    return std::min<Steady::duration>(times * busy, longest_pause);
  }

  // A merge does not rest when the tail grows beyond what it may take.
  bool pause(Steady::duration busy) {
    const bool is_urgent = options_.tail().bytes > options_.tail_memory + options_.tail_memory / 2;
    return !inbox_.exits_within(is_urgent ? 0ns : rest(usual_rest, busy));
  }

  // A merge must not find the latest status of a device that was removed before: see Session::sweep. Returns how long
  // to wait before the next step.
  Steady::duration sweep() {
    const auto began = Steady::now();
    const auto swept = connection_.use([](Session& session) { return session.sweep(); });
    if (!swept) {
      if (failures_.is_due(swept.error().message, Steady::now()))
        log::warning("removed devices are not swept, which will be repeated", {{"reason", swept.error().message}});
      sweep_from_ = Steady::now() + sweep_retry_interval;
      return 0ms;
    }
    is_swept_ = !swept->has_more;
    return rest_of_step(began);
  }

  // Old reports come late, but no longer. While the log has any of that age, all is kept.
  Steady::duration forget_removals(Timestamp now) {
    const auto began = Steady::now();
    if (!forgets_before_) forgets_before_ = now - removals_kept;
    const auto oldest = options_.tail().oldest_received;
    const auto forgotten =
        oldest <= *forgets_before_
            ? StoreResult<bool>(false)
            : connection_.use([&](Session& session) { return session.forget_removals(*forgets_before_); });
    if (forgotten && *forgotten)
      for (const auto& shard : options_.shards) self_->send(shard, ForgetRemovals{*forgets_before_});
    if (!forgotten || *forgotten || oldest <= *forgets_before_) forgets_before_.reset();
    return rest_of_step(began);
  }

  Steady::duration rest_of_step(Steady::time_point began) {
    const bool is_urgent = options_.tail().bytes > options_.tail_memory;
    return is_urgent ? 0ns : rest(usual_rest, Steady::now() - began);
  }

  // Returns how long to wait before the next step.
  Steady::duration compact(Timestamp now) {
    const auto began = Steady::now();
    const auto compacted = connection_.use([&](Session& session) { return session.compact(now); });
    if (!compacted) {
      if (failures_.is_due(compacted.error().message, Steady::now()))
        log::warning("compaction failed, and will be repeated", {{"reason", compacted.error().message}});
      compact_from_ = Steady::now() + compaction_interval;
      return look_interval;
    }
    auto& metrics = state_.metrics.merges;
    metrics.compacted.fetch_add(compacted->segments_before - compacted->segments_after, std::memory_order_relaxed);
    metrics.days_to_compact.store(compacted->backlog, std::memory_order_relaxed);
    if (!compacted->has_more) compact_from_ = Steady::now() + compaction_interval;
    const auto busy = Steady::now() - began;
    const auto updates = options_.tail().updates;
    if (std::exchange(updates_at_last_step_, updates) == updates) return rest(1, busy);
    return rest(compacted->backlog > 1 ? usual_rest : rest_from_compaction, busy);
  }

  caf::blocking_actor* const self_;
  Inbox inbox_;
  ServiceState& state_;
  const MergerOptions options_;
  SettledClock settled_clock_;
  StoreConnection connection_;
  MergeCursor cursor_;
  std::uint64_t seen_interruptions_ = 0;
  bool has_all_merges_ = true;
  log::Positions lost_;  // merges that the store lost, until the tails have their rows again
  std::uint64_t seen_removals_ = 0;
  bool is_swept_ = false;  // nothing is left of what removals took away
  Steady::time_point sweep_from_{};
  Periodic forgetting_{forgetting_interval, Periodic::Begins::at_once};
  std::optional<Timestamp> forgets_before_;  // while it forgets removals
  FailureNotice failures_;
  Steady::time_point compact_from_{};
  std::uint64_t updates_at_last_step_ = 0;  // of the compaction, in the tail
};

void merge_behind(caf::blocking_actor* self, Store* store, ServiceState* state, const Clock* clock,
                  const MergerOptions& options) {
  Merger merger(self, *store, *state, *clock, options);
  run_supervised("merger", *state, [&] { merger.run(); });
}

}  // namespace

caf::actor spawn_merger(caf::actor_system& system, Store& store, ServiceState& state, const Clock& clock,
                        MergerOptions options) {
  return system.spawn<caf::detached>(merge_behind, &store, &state, &clock, std::move(options));
}

}  // namespace ubiety
