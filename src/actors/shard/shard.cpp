#include "actors/shard/shard.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "actors/shard/collection.hpp"
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
      table_(options.newer_than, options.encoder,
             SilenceWatch(options.number, options.stale_after, options.listening->moment_at(hooks_.steady_now()).now,
                          options.learning_patience),
             *options.listening, *options.groups),
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
  arrange(*batch);
  oldest_in_flight_ = oldest_received(batch->parcels, latest_timestamp);
  const auto& send = batch->write.empty() ? hooks_.pass_writer : hooks_.send_to_writer;
  batch_in_flight_ = true;
  send(std::move(batch));
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

// A repeated update is not written again, and takes nothing back: neither the status that followed in the same second,
// nor that of a clock that runs ahead. What a removal takes away is not written either.
void Shard::arrange(Batch& batch) const {
  auto updates = updates_of(batch);
  std::sort(updates.begin(), updates.end(),
            [](const auto* left, const auto* right) { return key_before(left->update, right->update); });
  const StatusUpdate* row = nullptr;
  for (auto* each : updates) {
    const auto& update = each->update;
    if (removal_.take(update.device_id, update.status)) {
      each->outcome = UpdateOutcome::late;
      continue;
    }
    if (row != nullptr && row->device_id == update.device_id && same_report(row->status, update.status)) {
      batch.repetitions.push_back({each, row});
      continue;
    }
    const auto knowledge = look_for(update);
    if (knowledge == Tail::Knowledge::repeats) {
      each->outcome = UpdateOutcome::duplicate;
      continue;
    }
    row = &update;
    batch.write.push_back(row);
    if (knowledge == Tail::Knowledge::unknown && would_be_latest(update)) batch.doubtful.push_back(row);
  }
}

Tail::Knowledge Shard::look_for(const StatusUpdate& update) const {
  const auto device = table_.number_of(update.device_id);
  if (!device || update.status.timestamp > table_.newest_timestamp(*device)) return Tail::Knowledge::is_new;
  return tail_.look_for(*device, update.status);
}

bool Shard::would_be_latest(const StatusUpdate& update) const {
  const auto latest = table_.find(update.device_id);
  return !latest || options_.newer_than(update.status, *latest);
}

// A batch is applied after its commit, so that no client reads what a crash could undo, and before its answers, so that
// a client reads its own update. The next batch is sent before the answers, so that the store need not wait.
void Shard::batch_done(Batch& batch, bool committed) {
  if (committed) apply(batch);
  if (!batch.resent.empty()) return;
  batch_in_flight_ = false;
  send_or_linger(count_reports(batch.parcels));
  finish(batch, committed);
}

void Shard::finish(Batch& batch, bool committed) {
  for (auto& parcel : std::exchange(batch.parcels, {})) {
    if (!committed)
      answer_without_commit(std::move(parcel), UpdateOutcome::unavailable);
    else
      answer(std::move(parcel), batch.write.empty() ? nullptr : &batch.commit);
  }
}

void Shard::apply(Batch& batch) {
  const auto moment = options_.listening->moment_at(hooks_.steady_now());
  if (!batch.write.empty()) tail_.begin_row(batch.position);
  for (const auto& [update, row] : batch.repetitions)
    if (update->outcome == UpdateOutcome::stored) update->outcome = UpdateOutcome::duplicate;
  for (const auto& parcel : batch.parcels) apply(*parcel, moment);
  for (const auto& update : batch.resent) apply(update, moment);
}

void Shard::apply(Parcel& parcel, const ListeningMoment& moment) {
  for (auto& each : parcel.updates())
    if (each.outcome == UpdateOutcome::stored)
      each.outcome = apply(each.update, moment);
    else if (each.outcome == UpdateOutcome::duplicate)
      note_heard(each.update, moment);
  if (parcel.group == whole_fleet) return;
  for (const auto& each : parcel.updates())
    if (const auto device = table_.number_of(each.update.device_id)) table_.set_group(*device, parcel.group);
}

UpdateOutcome Shard::apply(const StatusUpdate& update, const ListeningMoment& moment) {
  if (removal_.take(update.device_id, update.status)) return UpdateOutcome::late;  // removed while it was written
  const auto applied = table_.apply(update, moment);
  const bool may_repeat = applied.may_repeat || !is_complete_;
  tail_.add(applied.device, update.status, may_repeat);
  if (!is_expired(update.status)) totals_.note_update(applied.device, may_repeat);
  return applied.outcome;
}

// A repeated update is not applied: its device may have changed since the first copy.
void Shard::note_heard(const StatusUpdate& repeated, const ListeningMoment& moment) {
  if (const auto device = table_.number_of(repeated.device_id)) table_.note_heard(*device, repeated.status, moment);
}

void Shard::read_latest(const std::vector<LatestQuery>& queries) const {
  for (const auto& query : queries) {
    const auto device = table_.number_of(query.device_id);
    query.reply(device ? std::optional(table_.details_of(*device)) : std::nullopt);
  }
}

DevicesFound Shard::read_devices(const ReadDevices& query) const {
  DevicesFound found;
  for (std::size_t place = 0; place < query.device_ids->size(); ++place) {
    const auto device = table_.number_of((*query.device_ids)[place]);
    if (!device) continue;
    auto& json = found.devices.emplace_back(DevicesFound::Found{place, {}}).json;
    table_.render(json, *device, query.members, options_.encoder);
  }
  return found;
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
  const auto now = hooks_.steady_now();
  const DeviceScan::Moment moment{now, options_.listening->moment_at(now).now};
  if (!scan.advance(options_.number, table_, options_.encoder, moment)) scans_.push_back(std::move(scan));
  return !scans_.empty();
}

std::optional<HistoryOutcome> Shard::answer_or_prepare(ReadHistory& message) {
  const auto& query = message.query;
  const auto device = table_.number_of(query.device_id);
  if (!device) return HistoryOutcome{HistoryOutcome::Kind::unknown_device};
  message.query.removed = removal_.of(query.device_id);
  if (!query.since && !query.before && query.wants_total) {
    message.known_at = options_.history_changes->count();
    const auto total = total_of(*device, message.known_at);
    if (!total)
      message.total_ticket = totals_.expect(*device);
    else if (auto page = newest_page(*device, *total, query))
      return HistoryOutcome{HistoryOutcome::Kind::page, std::move(*page)};
    else
      message.query.known = {*total, table_.newest_timestamp(*device)};
  }
  tail_.append_unmerged(*device, message.unmerged);
  std::erase_if(message.unmerged, [&](const auto& record) { return !query.selects(record.status); });
  return std::nullopt;
}

// What was counted while records were removed may be of the time before.
std::optional<std::uint64_t> Shard::total_of(std::uint32_t device, const HistoryChanges::Count& changes) {
  if (changes.removals != expiries_) totals_.forget_all();
  expiries_ = changes.removals;
  return changes.is_removing() ? std::nullopt : totals_.of(device);
}

std::optional<HistoryPage> Shard::newest_page(std::uint32_t device, std::uint64_t total,
                                              const HistoryQuery& query) const {
  HistoryPage page;
  const auto count = std::min<std::uint64_t>(total, query.limit);
  if (query.after || !tail_.append_newest(device, count, page.records)) return std::nullopt;
  const auto is_gone = [&](const Status& each) { return is_expired(each) || removal_.take(query.device_id, each); };
  if (std::any_of(page.records.begin(), page.records.end(), is_gone)) return std::nullopt;
  log::sort_and_fold(page.records);
  std::reverse(page.records.begin(), page.records.end());
  if (page.records.size() < count) return std::nullopt;  // some were repetitions
  page.records.resize(std::min(page.records.size(), query.limit));
  page.total_records = total;
  page.has_more = total > page.records.size();
  return page;
}

void Shard::keep_total(const KeepTotal& counted) {
  if (const auto device = table_.number_of(counted.device_id)) totals_.keep(*device, counted.ticket, counted.records);
}

// Of an update that a start found. Whether the service listened throughout the gap before is not known.
ListeningMoment Shard::found_moment(const StatusUpdate& update) const {
  const auto time = options_.listening->time_of(update.status.received);
  return {time, time};
}

// A row is sorted by device. Since when a device has a problem follows from the order in which it reported.
std::vector<const StatusUpdate*> Shard::by_receipt(const std::vector<StatusUpdate>& updates) {
  std::vector<const StatusUpdate*> sorted;
  sorted.reserve(updates.size());
  for (const auto& update : updates) sorted.push_back(&update);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* left, const auto* right) { return left->status.received < right->status.received; });
  return sorted;
}

void Shard::load(LoadStored& stored) {
  const auto now = options_.listening->moment_at(hooks_.steady_now()).now;
  if (stored.removals != nullptr) forget(*stored.removals);
  if (stored.latest != nullptr)
    for (const auto& latest : *stored.latest)
      if (!removal_.take(latest.update.device_id, latest.update.status)) table_.load(latest, now);
  if (stored.merged != nullptr) {
    tail_.set_merged(*stored.merged);
    options_.history_changes->note_merge();
  }
  totals_.forget_all();
  if (stored.rows == nullptr) return;
  for (const auto& [position, updates] : *stored.rows) {
    if (tail_.has_row(position)) continue;
    tail_.begin_row(position);
    for (const auto* update : by_receipt(updates)) {
      if (removal_.take(update->device_id, update->status)) continue;
      const auto applied = table_.apply(*update, found_moment(*update));
      tail_.add(applied.device, update->status, applied.may_repeat || !stored.is_latest_known);
    }
  }
}

// Sorting the devices and passing over those without updates take time, so an answer may be empty and not the last.
UnmergedDevices Shard::collect(const CollectUnmerged& request) {
  UnmergedDevices answer{std::make_shared<std::vector<log::DeviceToMerge>>(), request.after, true};
  if (!request.through->empty() && std::exchange(merge_, request.through) != request.through) {
    options_.history_changes->note_merge();
    totals_.forget_counts_under_way();
  }
  Collection collection(table_, tail_, removal_, request, answer);
  if (collection.is_empty()) {
    answer.more = false;
    return answer;
  }
  if (!table_.put_in_order(devices_sorted_at_a_time)) return answer;
  const auto add = [&](std::uint32_t number, const KnownDevice& device) {
    answer.reached = device.device_id;
    return collection.add(number);
  };
  answer.more = !table_.for_each_after(request.after, devices_collected_at_a_time, add);
  collection.look_up_group();
  return answer;
}

// The updates are in no row from here until the writer has written them again.
void Shard::resend(const ResendLost& lost) {
  totals_.forget_all();
  auto batch = std::make_shared<Batch>();
  batch->shard = options_.number;
  for (const auto& [device, status] : tail_.take_lost(lost.stream, lost.kept_through))
    if (const auto& device_id = table_.at(device).device_id; !removal_.take(device_id, status))
      batch->resent.push_back({device_id, status});
  if (batch->resent.empty()) return;
  for (const auto& update : batch->resent) batch->write.push_back(&update);
  hooks_.send_to_writer(std::move(batch));
}

FoundDevices Shard::find(const FindDevices& request) const {
  return removal_.find(request, options_.listening->moment_at(hooks_.steady_now()).now);
}

void Shard::forget(const std::vector<log::Removal>& removals) {
  removal_.forget(removals, options_.listening->moment_at(hooks_.steady_now()).now);
}

Census Shard::census(const TakeCensus& message) const {
  return {table_.watch().census(*message.questions, message.now)};
}

void Shard::set_complete() {
  is_complete_ = true;
  table_.forget_changes();
}

FleetChanges Shard::find_changes(const FindChanges& message) {
  auto changes = table_.advance(message.now, message.wall_now);
  const auto& watch = table_.watch();
  FleetChanges answer{std::move(changes.suspects), {}, {}, watch.totals().reports};
  for (const auto& [device, problem, ended] : changes.problems)
    if (table_.has(device))
      answer.events.push_back({table_.at(device).device_id, watch.group_of(device), problem, ended});
  for (const auto group : *message.groups) answer.groups.push_back(watch.totals_of(group));
  return answer;
}

void Shard::follow(const SilenceDecided& decided) {
  for (const auto& [shard, device] : decided.decisions->problems)
    if (shard == options_.number) table_.raise_silent(device);
  for (const auto& outage : decided.decisions->ended) table_.note_outage(outage);
  for (const auto& outage : decided.decisions->began) table_.note_outage(outage);
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
  next->totals_.continue_after(totals_);
  next->table_.set_mutes(table_.mutes());
  next->table_.count_muted(1);  // there is no device yet
  next->batch_in_flight_ = batch_in_flight_;
  next->oldest_in_flight_ = oldest_in_flight_;
  return next;
}

}  // namespace ubiety
