#include "simulation/checker.hpp"

#include <algorithm>
#include <utility>

namespace ubiety::simulation {
namespace {

bool is_acknowledgement(UpdateOutcome outcome) {
  return outcome == UpdateOutcome::stored || outcome == UpdateOutcome::late || outcome == UpdateOutcome::duplicate;
}

std::optional<Status> in(const LatestMap& map, const DeviceId& device_id) {
  const auto found = map.find(device_id);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

bool is_newer(const std::optional<Status>& one, const std::optional<Status>& than) {
  return one && (!than || newer_than(*one, *than));
}

}  // namespace

void Figures::add(const Figures& other) {
  for (const auto& [outcome, count] : other.outcomes) outcomes[outcome] += count;
  events += other.events;
  reads += other.reads;
  crashes += other.crashes;
  stops += other.stops;
  commits += other.commits;
  unknown_commits += other.unknown_commits;
  merges += other.merges;
  interrupted_merges += other.interrupted_merges;
  finished_merges += other.finished_merges;
  pages += other.pages;
  recovered_statuses += other.recovered_statuses;
  failed_shards += other.failed_shards;
  parcels_of_several += other.parcels_of_several;
  partly_refused_parcels += other.partly_refused_parcels;
  appends += other.appends;
  full_spools += other.full_spools;
  unknown_spool_writes += other.unknown_spool_writes;
  forwarded_rows += other.forwarded_rows;
  starts_by_spool += other.starts_by_spool;
  steps_back += other.steps_back;
  removed_devices += other.removed_devices;
  returned_devices += other.returned_devices;
  sweeps += other.sweeps;
}

void Checker::violated(std::string what) {
  if (!violation_) violation_ = std::move(what);
}

std::uint64_t Checker::attempted(const StatusUpdate& update) {
  attempts_.push_back(update);
  removed_before_.push_back(removal_of(update.device_id));
  sent_.insert(written_of(update));
  return attempts_.size() - 1;
}

void Checker::replied(std::uint64_t ticket, UpdateOutcome outcome) {
  const auto& update = attempts_[ticket];
  ++figures.outcomes[outcome];
  if (!replies_.emplace(ticket, outcome).second) violated("answered twice: " + text_of(update));
  if (is_acknowledgement(outcome)) {
    acknowledged_.push_back(outcome == UpdateOutcome::duplicate ? written_instead_of(ticket) : update);
    check_acknowledged(acknowledged_.back());
    raise_floor(acknowledged_.back());
  } else if (outcome != UpdateOutcome::unavailable) {
    not_written_.insert(written_of(update));
    if (written_.contains(written_of(update))) violated("said not to be written, but it was: " + text_of(update));
    if (outcome == UpdateOutcome::refused && update.status.rssi != refused_rssi)
      violated("refused, though nothing is wrong with it: " + text_of(update));
  }
}

void Checker::replied(std::uint64_t first_ticket, const Parcel& parcel) {
  const auto updates = parcel.updates();
  const auto count_of = [&](UpdateOutcome outcome) {
    return static_cast<std::size_t>(
        std::count_if(updates.begin(), updates.end(), [&](const auto& each) { return each.outcome == outcome; }));
  };
  if (updates.size() > 1) ++figures.parcels_of_several;
  if (const auto refused = count_of(UpdateOutcome::refused); refused > 0 && refused < updates.size())
    ++figures.partly_refused_parcels;
  for (const auto of_all : {UpdateOutcome::expired, UpdateOutcome::unavailable})
    if (const auto count = count_of(of_all); count > 0 && count < updates.size())
      violated("a part of a parcel expired or is unavailable: " + text_of(updates.front().update));
  for (std::size_t i = 0; i < updates.size(); ++i) {
    if (updates[i].update != attempts_[first_ticket + i]) violated("came back changed: " + text_of(updates[i].update));
    replied(first_ticket + i, updates[i].outcome);
  }
}

void Checker::check_acknowledged(const StatusUpdate& update) {
  if (!durable_.has(update) && !durable_.is_removed(update.device_id, update.status))
    violated("acknowledged, but not durable: " + text_of(update));
}

void Checker::read(const DeviceId& device_id, const std::optional<Status>& status) {
  ++figures.reads;
  const auto floor = floor_of(device_id);
  if (is_newer(floor, status) && !is_uncertain(device_id, floor))
    violated("went back: " + device_id + " was " + text_of(floor) + ", is " + text_of(status));
  if (!status) return;
  if (is_gone(device_id, *status)) violated("came back: " + device_id + " is " + text_of(status));
  if (durable_.is_removed(device_id, *status)) return;  // the shard does not know yet
  if (!durable_.has({device_id, *status})) violated("read, but not durable: " + device_id + " " + text_of(status));
  if (removed_.contains(device_id)) ++figures.returned_devices;
  raise_floor({device_id, *status});
}

bool Checker::is_hidden(const DeviceId& device_id, const Status& status) const {
  const auto written = ever_written_.find(device_id);
  return written != ever_written_.end() &&
         std::any_of(written->second.begin(), written->second.end(), [&](const Status& other) {
           return newer_than(other, status) && durable_.is_removed(device_id, other);
         });
}

// A removal takes a repetition away with the report that it repeats, unless the shards knew of the removal before the
// repetition came.
StatusUpdate Checker::written_instead_of(std::uint64_t ticket) const {
  auto repeated = attempts_[ticket];
  const std::pair key(repeated.device_id, key_of(repeated.status));
  const auto& receipts = receipts_.contains(key) ? receipts_ : earliest_;
  const auto receipt = receipts.find(key);
  if (receipt != receipts.end()) repeated.status.received = receipt->second;
  const auto& removed = removed_before_[ticket];
  const bool is_known = removed && !lacks_removals_ && is_removed(repeated.status, *removed);
  return is_known ? attempts_[ticket] : repeated;
}

std::optional<Timestamp> Checker::removal_of(const DeviceId& device_id) const {
  const auto removal = removed_.find(device_id);
  return removal == removed_.end() ? std::nullopt : std::optional(removal->second);
}

// A repeated update does not count: its report was received first with another.
void Checker::raise_floor(StatusUpdate update) {
  auto& status = update.status;
  if (const auto first = receipts_.find({update.device_id, key_of(status)}); first != receipts_.end())
    status.received = first->second;
  auto& seen = seen_[update.device_id];
  if (std::find(seen.begin(), seen.end(), status) == seen.end()) seen.push_back(status);
}

std::optional<Status> Checker::floor_of(const DeviceId& device_id) const {
  std::optional<Status> floor;
  const auto seen = seen_.find(device_id);
  if (seen == seen_.end()) return floor;
  for (const auto& status : seen->second)
    if (!durable_.is_removed(device_id, status) && is_newer(status, floor)) floor = status;
  return floor;
}

bool Checker::is_gone(const DeviceId& device_id, const Status& status) const {
  const auto removal = removal_of(device_id);
  return removal && is_removed(status, *removal);
}

void Checker::removed(const std::vector<log::Removal>& removals) {
  for (const auto& [device_id, at] : removals) {
    ++figures.removed_devices;
    const auto durable = durable_.removals.find(device_id);
    if (durable == durable_.removals.end() || durable->second.at < at)
      violated("removed, but not durably: " + device_id + " at " + format_timestamp(at));
    auto& last = removed_[device_id];
    last = std::max(last, at);
  }
}

// A report that comes again after the removal is a new one.
void Checker::removal_written() {
  std::erase_if(receipts_, [this](const auto& receipt) {
    const auto& [device_id, key] = receipt.first;
    return durable_.is_removed(device_id, {.timestamp = std::get<0>(key), .received = receipt.second});
  });
}

std::uint64_t Checker::asked_for_history(const DeviceId& device_id) {
  asked_histories_.push_back({device_id, acknowledged_.size(), removal_of(device_id)});
  return asked_histories_.size() - 1;
}

void Checker::history_read(std::uint64_t ticket, const HistoryPage& page) {
  ++figures.pages;
  const auto& [device_id, acknowledged, removed] = asked_histories_[ticket];
  const auto& records = page.records;
  const auto name = "the history of " + device_id;
  if (page.has_more || page.total_records != records.size())
    violated(name + " has " + std::to_string(records.size()) + " records, and says " +
             std::to_string(page.total_records));
  std::set<RecordKey> keys;
  for (const auto& record : records) {
    if (!keys.insert(key_of(record)).second) violated(name + " has a record twice: " + text_of(record));
    if (removed && is_removed(record, *removed)) violated(name + " has what was removed: " + text_of(record));
    if (durable_.is_removed(device_id, record)) continue;  // while it was read
    if (!durable_.has({device_id, record})) violated(name + " has what is not durable: " + text_of(record));
  }
  if (!std::is_sorted(records.begin(), records.end(), newest_first)) violated(name + " is not in order");
  for (std::size_t i = 0; i < acknowledged; ++i)
    if (acknowledged_[i].device_id == device_id && !keys.contains(key_of(acknowledged_[i].status)) &&
        !durable_.is_removed(device_id, acknowledged_[i].status) &&
        !(records.empty() && is_hidden(device_id, acknowledged_[i].status)))
      violated(name + " lacks what was acknowledged: " + text_of(acknowledged_[i]));
}

void Checker::written(const UpdateList& updates) {
  for (const auto* update : updates) {
    const auto written = written_of(*update);
    if (!sent_.contains(written)) violated("written, but never sent: " + text_of(*update));
    if (not_written_.contains(written)) violated("written after it was said not to be: " + text_of(*update));
    written_.insert(written);
    const auto& [device_id, status] = *update;
    ever_written_[device_id].push_back(status);
    const auto [earliest, is_first] = earliest_.try_emplace({device_id, key_of(status)}, status.received);
    earliest->second = std::min(earliest->second, status.received);
    const auto [first, is_new] = receipts_.try_emplace({device_id, key_of(status)}, status.received);
    if (!is_new && first->second != status.received) repeated_.insert(device_id);
  }
  check_disk();
}

// A crash may come at any time: what a start would load now has to be right now.
void Checker::check_disk() {
  const auto right = latest_of_all_records(durable_), found = latest_of_a_start(durable_);
  for (const auto& device_id : device_names)
    if (in(right, device_id) != in(found, device_id) && !is_uncertain(device_id, in(right, device_id)))
      violated("a start would find " + device_id + " as " + text_of(in(found, device_id)) + ", not as " +
               text_of(in(right, device_id)));
  if (!has_spool_failed_) check_log();
  for (const auto& [device_id, records] : durable_.history) {
    std::set<RecordKey> keys;
    for (const auto& record : records)
      if (!durable_.is_removed(device_id, record) && !keys.insert(key_of(record)).second)
        violated("twice in the history of " + device_id + ": " + text_of(record));
  }
}

// After an append to the spool that failed, the spool and the log may have the same updates, in two rows.
void Checker::check_log() {
  for (const auto& row : durable_.log)
    for (const auto& [device_id, status] : durable_.unmerged(row)) {
      const auto device = durable_.history.find(device_id);
      if (device == durable_.history.end()) continue;
      if (std::find(device->second.begin(), device->second.end(), status) != device->second.end())
        violated("in the log and in the history: " + text_of(StatusUpdate{device_id, status}));
    }
}

void Checker::read_after_start(const DeviceId& device_id, const std::optional<Status>& status) {
  read(device_id, status);
  if (status) ++figures.recovered_statuses;
  const auto least = in(least_expected_, device_id), most = in(most_expected_, device_id);
  if (!is_uncertain(device_id, least) && (is_newer(least, status) || is_newer(status, most)))
    violated("recovered " + device_id + " as " + text_of(status) + ", not as " + text_of(least) + " to " +
             text_of(most));
}

void Checker::read_at_rest(const DeviceId& device_id, const std::optional<Status>& status) {
  read(device_id, status);
  const auto right = in(latest_of_all_records(durable_), device_id);
  if (status != right && !is_uncertain(device_id, right))
    violated("at rest " + device_id + " is " + text_of(status) + ", by its records " + text_of(right));
}

void Checker::process_died(std::int64_t credits_out) {
  if (credits_out != 0) violated(std::to_string(credits_out) + " credits are still out after the process died");
  for (const auto& update : acknowledged_) check_acknowledged(update);
  first_of_this_process_ = attempts_.size();
  least_expected_ = latest_of_all_records(durable_);
  lacks_removals_ = false;
  replies_.clear();
  written_.clear();
  not_written_.clear();
}

void Checker::at_rest(std::int64_t credits_out) {
  if (credits_out != 0) violated(std::to_string(credits_out) + " credits are still out at rest");
  for (auto ticket = first_of_this_process_; ticket < attempts_.size(); ++ticket)
    if (!replies_.contains(ticket)) violated("never answered: " + text_of(attempts_[ticket]));
  for (const auto& update : acknowledged_) check_acknowledged(update);
}

}  // namespace ubiety::simulation
