#include "actors/shard/shard.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "actors/shard/port.hpp"
#include "domain/status.hpp"

namespace ubiety {
namespace {

// Returns the oldest time of receipt, but no later one than `otherwise`.
Timestamp oldest_received(const Parcels& parcels, Timestamp otherwise) {
  auto oldest = otherwise;
  for (const auto& parcel : parcels) oldest = std::min(oldest, parcel->oldest_received());
  return oldest;
}

std::size_t count_reports(const Parcels& parcels) {
  return static_cast<std::size_t>(
      std::count_if(parcels.begin(), parcels.end(), [](const auto& parcel) { return parcel->updates().size() == 1; }));
}

std::vector<ParcelUpdate*> updates_of(const Batch& batch) {
  std::vector<ParcelUpdate*> updates;
  updates.reserve(batch.parcels.size());
  for (const auto& parcel : batch.parcels)
    for (auto& each : parcel->updates()) updates.push_back(&each);
  return updates;
}

}  // namespace

Shard::Shard(const ShardOptions& options, ShardHooks hooks)
    : options_(options),
      hooks_(std::move(hooks)),
      table_(options.newer_than, options.encoder),
      histories_(options.remembered_histories),
      linger_(options.commit_linger, *options.clients_may_send) {}

void Shard::submit(Parcels&& parcels) {
  for (const auto& parcel : parcels) open_worth_ += Linger::worth_of(*parcel);
  if (open_.empty())
    open_ = std::move(parcels);
  else
    std::move(parcels.begin(), parcels.end(), std::back_inserter(open_));
  if (batch_in_flight_ || (lingers_ && !Linger::is_worth_a_commit(open_worth_))) return;
  send_open_batch();
}

// One batch is in flight at a time; what arrives meanwhile makes the next. So an idle service answers after one commit,
// and the batches of a busy one grow by themselves. In between it lingers.
void Shard::send_or_linger(std::size_t answered) {
  const auto time_left = linger_.time_left(hooks_.steady_now(), open_worth_, answered);
  if (time_left == std::chrono::microseconds(0)) return send_open_batch();
  lingers_ = true;
  hooks_.end_linger_after(time_left);
}

void Shard::end_linger() {
  if (lingers_) send_open_batch();
}

std::size_t Shard::wake_threshold() const {
  if (batch_in_flight_) return ShardPort::never;
  return lingers_ ? Linger::missing_to_a_commit(open_worth_) : 1;
}

void Shard::send_open_batch() {
  lingers_ = false;
  const auto now = hooks_.steady_now();
  drop_expired(now);
  open_worth_ = 0;
  if (open_.empty()) return;
  auto batch = std::make_shared<Batch>();
  batch->shard = options_.number;
  batch->parcels = std::exchange(open_, {});
  oldest_in_flight_ = oldest_received(batch->parcels, latest_timestamp);
  arrange(*batch);
  histories_.handed_over(batch->write);
  hooks_.send_to_writer(std::move(batch));
  batch_in_flight_ = true;
  linger_.note_sent(now);
}

void Shard::drop_expired(SteadyTime now) {
  const auto is_in_time = [now](const ParcelPointer& parcel) { return parcel->deadline > now; };
  if (std::all_of(open_.begin(), open_.end(), is_in_time)) return;
  const auto expired = std::stable_partition(open_.begin(), open_.end(), is_in_time);
  for (auto parcel = expired; parcel != open_.end(); ++parcel)
    answer_without_commit(std::move(*parcel), UpdateOutcome::expired);
  open_.erase(expired, open_.end());
}

void Shard::arrange(Batch& batch) const {
  auto updates = updates_of(batch);
  std::sort(updates.begin(), updates.end(),
            [](const auto* left, const auto* right) { return key_before(left->update, right->update); });
  const StatusUpdate* row = nullptr;
  for (auto* each : updates) {
    if (row != nullptr && row->device_id == each->update.device_id && same_report(row->status, each->update.status)) {
      batch.repetitions.push_back({each, row});
      continue;
    }
    row = &each->update;
    const auto* latest = table_.find(row->device_id);
    const bool fresh = latest == nullptr || row->status.timestamp > latest->timestamp;
    (fresh ? batch.write.fresh : batch.write.doubtful).push_back(row);
  }
}

// A batch is applied after its commit, so that no client reads what a crash could undo, and before its answers, so that
// a client reads its own update. The next batch is sent before the answers, so that the store need not wait.
void Shard::batch_done(Batch& batch, bool committed) {
  batch_in_flight_ = false;
  histories_.done(batch.write, committed && batch.fresh_are_new);
  if (committed) {
    apply(batch);
  } else {
    oldest_unknown_ = std::min(oldest_unknown_, oldest_in_flight_);
  }
  send_or_linger(count_reports(batch.parcels));
  for (auto& parcel : std::exchange(batch.parcels, {})) {
    if (committed)
      answer(std::move(parcel), &batch.commit);
    else
      answer_without_commit(std::move(parcel), UpdateOutcome::unavailable);
  }
}

void Shard::apply(Batch& batch) {
  for (const auto& parcel : batch.parcels)
    for (auto& each : parcel->updates())
      if (each.outcome != UpdateOutcome::refused) each.outcome = table_.apply(each.update);
}

void Shard::read_latest(const std::vector<LatestQuery>& queries) const {
  for (const auto& query : queries) {
    const auto* status = table_.find(query.device_id);
    query.reply(status == nullptr ? std::nullopt : std::optional(*status));
  }
}

bool Shard::begin_scan(ReadSummary request) {
  scans_.emplace_back(std::move(request));
  return scans_.size() == 1;
}

// Scans take turns, so that a short one does not wait for a long one. Updates wait for at most one slice.
bool Shard::continue_scans() {
  if (scans_.empty()) return false;
  auto scan = std::move(scans_.front());
  scans_.pop_front();
  if (!scan.advance(options_.number, table_, options_.encoder, hooks_.steady_now())) scans_.push_back(std::move(scan));
  return !scans_.empty();
}

bool Shard::count_fleet(CountFleet& count) const {
  constexpr std::uint8_t low_battery_level = 20;
  auto& counts = count.counts;
  table_.for_each_of(count.scanned, devices_counted_at_a_time, [&](const StatusUpdate& device) {
    ++counts.devices;
    counts.online += device.status.online ? 1 : 0;
    counts.stale += device.status.received < count.stale_before ? 1 : 0;
    counts.low_battery += device.status.battery_level < low_battery_level ? 1 : 0;
  });
  count.scanned += devices_counted_at_a_time;
  return count.scanned >= table_.size();
}

std::optional<HistoryPage> Shard::remembered_or_prepared(ReadHistory& message) {
  auto known = histories_.ask(message.query, batch_in_flight_);
  if (known.page) return std::move(known.page);
  message.query.total_records = known.rows;
  message.follow_version = known.version;
  return std::nullopt;
}

void Shard::keep_history(const KeepHistory& read) {
  histories_.keep(read.device_id, read.version, read.rows, read.newest);
}

void Shard::load(const std::vector<StatusUpdate>& statuses, Origin origin) {
  for (const auto& update : statuses) table_.load(update, origin);
}

ShardChanges Shard::collect_changes(const CollectChanges& request) {
  using Wanted = CollectChanges::Wanted;
  auto watermark = std::min(oldest_received(open_, request.handed_over), oldest_unknown_);
  if (batch_in_flight_) watermark = std::min(watermark, oldest_in_flight_);
  if (request.wanted != Wanted::more) table_.begin_collection(request.wanted == Wanted::everything);
  ShardChanges changes{std::make_shared<std::vector<StatusUpdate>>(), watermark};
  changes.more = table_.take_changes(request.most, *changes.statuses);
  return changes;
}

// Updates arrive in the order of their receipt; the batch in flight has older ones than the open batch.
Timestamp Shard::oldest_waiting() const {
  if (batch_in_flight_) return oldest_in_flight_;
  return open_.empty() ? latest_timestamp : open_.front()->oldest_received();
}

std::unique_ptr<Shard> Shard::successor() {
  for (auto& parcel : std::exchange(open_, {})) answer_without_commit(std::move(parcel), UpdateOutcome::unavailable);
  auto next = std::make_unique<Shard>(options_, hooks_);
  next->table_.continue_after(table_.version());
  next->batch_in_flight_ = batch_in_flight_;
  next->oldest_in_flight_ = oldest_in_flight_;
  next->oldest_unknown_ = oldest_unknown_;
  return next;
}

}  // namespace ubiety
