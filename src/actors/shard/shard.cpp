#include "actors/shard/shard.hpp"

#include <algorithm>
#include <utility>

#include "actors/shard/update_order.hpp"

namespace ubiety {
namespace {

using Groups = std::vector<std::shared_ptr<UpdateGroup>>;

// Not later than `otherwise`.
Timestamp oldest_received(const std::vector<Submission>& submissions, const Groups& groups, Timestamp otherwise) {
  auto oldest = otherwise;
  for (const auto& submission : submissions) oldest = std::min(oldest, submission.update.status.received);
  for (const auto& group : groups) oldest = std::min(oldest, group->updates.front().status.received);
  return oldest;
}

UpdateList updates_of(const Batch& batch) {
  std::size_t count = batch.submissions.size();
  for (const auto& group : batch.groups) count += group->updates.size();
  UpdateList updates;
  updates.reserve(count);
  for (const auto& submission : batch.submissions) updates.push_back(&submission.update);
  for (const auto& group : batch.groups)
    for (const auto& update : group->updates) updates.push_back(&update);
  return updates;
}

void mark(UpdateGroup& group, UpdateOutcome outcome_of_all) {
  std::fill(group.outcomes.begin(), group.outcomes.end(), outcome_of_all);
}

// Without a commit.
void reply(const Submission& submission, std::uint32_t shard, UpdateOutcome outcome) {
  if (submission.trace) record_spans(*submission.trace, shard, nullptr, true);
  submission.reply(outcome);
}

void reply(const std::shared_ptr<UpdateGroup>& group, UpdateOutcome outcome_of_all) {
  mark(*group, outcome_of_all);
  if (group->trace) record_spans(*group->trace, group->shard, nullptr, true);
  group->reply(group);
}

void answer(Batch& batch, bool committed) {
  const auto* commit = committed ? &batch : nullptr;
  for (const auto& submission : batch.submissions) {
    if (submission.trace)
      record_spans(*submission.trace, batch.shard, commit, !committed || submission.outcome == UpdateOutcome::refused);
    submission.reply(submission.outcome);
  }
  batch.submissions.clear();
  for (const auto& group : batch.groups) {
    if (group->trace) record_spans(*group->trace, batch.shard, commit, !committed);
    group->reply(group);
  }
  batch.groups.clear();
}

void mark_unavailable(Batch& batch) {
  for (auto& submission : batch.submissions) submission.outcome = UpdateOutcome::unavailable;
  for (const auto& group : batch.groups) mark(*group, UpdateOutcome::unavailable);
}

}  // namespace

Shard::Shard(std::uint32_t number, NewerThan newer_than, SummaryEncoder encoder,
             std::function<void(std::shared_ptr<Batch>)> hand_over, std::function<SteadyTime()> steady_now,
             LingerOptions linger_options, std::size_t most_remembered_histories)
    : number_(number),
      newer_than_(newer_than),
      encoder_(encoder),
      hand_over_(std::move(hand_over)),
      steady_now_(std::move(steady_now)),
      linger_options_(std::move(linger_options)),
      table_(newer_than, encoder),
      histories_(most_remembered_histories),
      linger_(linger_options_.limit) {}

void Shard::submit(std::vector<Submission>& submissions, bool more_expected) {
  linger_.set_more_expected(more_expected);
  if (open_.empty())
    open_ = std::move(submissions);
  else
    std::move(submissions.begin(), submissions.end(), std::back_inserter(open_));
  if (batch_on_its_way_ || (lingers_ && !Linger::is_worth_a_commit(open_.size()))) return;
  hand_over_open_batch();
}

void Shard::submit(std::shared_ptr<UpdateGroup> group) {
  open_groups_.push_back(std::move(group));
  if (!batch_on_its_way_) hand_over_open_batch();
}

// One batch is on its way at a time; what comes meanwhile is the next. So an idle service answers in one commit's time,
// and a busy one makes its batches larger by itself. In between it lingers.
void Shard::hand_over_or_linger(std::size_t answered) {
  const auto time_left =
      open_groups_.empty() ? linger_.time_left(steady_now_(), open_.size(), answered) : std::chrono::microseconds(0);
  if (time_left == std::chrono::microseconds(0)) return hand_over_open_batch();
  lingers_ = true;
  linger_options_.call_after(time_left);
}

void Shard::end_linger() {
  if (lingers_) hand_over_open_batch();
}

std::size_t Shard::wants_submissions_from() const {
  if (batch_on_its_way_) return SubmissionIntake::never;
  return lingers_ ? Linger::missing_to_a_commit(open_.size()) : 1;
}

void Shard::hand_over_open_batch() {
  lingers_ = false;
  const auto now = steady_now_();
  drop_expired(now);
  if (open_.empty() && open_groups_.empty()) return;
  auto batch = std::make_shared<Batch>();
  batch->shard = number_;
  batch->submissions = std::exchange(open_, {});
  batch->groups = std::exchange(open_groups_, {});
  oldest_on_its_way_ = oldest_received(batch->submissions, batch->groups, latest_timestamp);
  arrange(*batch);
  histories_.handed_over(batch->write);
  hand_over_(std::move(batch));
  batch_on_its_way_ = true;
  linger_.handed_over(now);
}

void Shard::drop_expired(SteadyTime now) {
  std::erase_if(open_, [this, now](const Submission& submission) {
    const bool expired = submission.deadline <= now;
    if (expired) reply(submission, number_, UpdateOutcome::expired);
    return expired;
  });
  std::erase_if(open_groups_, [now](const std::shared_ptr<UpdateGroup>& group) {
    const bool expired = group->deadline <= now;
    if (expired) reply(group, UpdateOutcome::expired);
    return expired;
  });
}

void Shard::arrange(Batch& batch) const {
  auto updates = updates_of(batch);
  sort_without_repetitions(updates);

  for (const auto* update : updates) {
    const auto* latest = table_.find(update->device_id);
    const bool fresh = latest == nullptr || update->status.timestamp > latest->timestamp;
    (fresh ? batch.write.fresh : batch.write.doubtful).push_back(update);
  }
}

// Applied after the commit and before the answer: nobody reads what a crash could take back, and whoever has an answer
// reads his own update. The next batch goes before the answers: the store does not wait for them.
void Shard::batch_done(Batch& batch, bool committed) {
  batch_on_its_way_ = false;
  histories_.done(batch.write, committed && batch.fresh_are_new);
  if (committed) {
    apply(batch);
  } else {
    oldest_unknown_ = std::min(oldest_unknown_, oldest_on_its_way_);
    mark_unavailable(batch);
  }
  hand_over_or_linger(batch.submissions.size());
  answer(batch, committed);
}

void Shard::apply(Batch& batch) {
  for (auto& submission : batch.submissions)
    if (submission.outcome != UpdateOutcome::refused) submission.outcome = table_.apply(submission.update);
  for (const auto& group : batch.groups) apply(*group);
}

void Shard::apply(UpdateGroup& group) {
  for (std::size_t i = 0; i < group.updates.size(); ++i)
    if (group.outcomes[i] != UpdateOutcome::refused) group.outcomes[i] = table_.apply(group.updates[i]);
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

// In turn, so that a short one does not wait for a long one. However many there are, updates wait for one slice.
bool Shard::continue_scans() {
  if (scans_.empty()) return false;
  auto scan = std::move(scans_.front());
  scans_.pop_front();
  if (!scan.advance(number_, table_, encoder_, steady_now_())) scans_.push_back(std::move(scan));
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
  auto known = histories_.ask(message.query, batch_on_its_way_);
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
  auto watermark = std::min(oldest_received(open_, open_groups_, request.handed_over), oldest_unknown_);
  if (batch_on_its_way_) watermark = std::min(watermark, oldest_on_its_way_);
  if (request.wanted != Wanted::more) table_.begin_collection(request.wanted == Wanted::everything);
  ShardChanges changes{std::make_shared<std::vector<StatusUpdate>>(), watermark};
  changes.more = table_.take_changes(request.most, *changes.statuses);
  return changes;
}

// Updates come in the order of their receipt, those of a batch on its way before those of the open one.
Timestamp Shard::oldest_waiting() const {
  if (batch_on_its_way_) return oldest_on_its_way_;
  auto oldest = latest_timestamp;
  if (!open_.empty()) oldest = open_.front().update.status.received;
  if (!open_groups_.empty()) oldest = std::min(oldest, open_groups_.front()->updates.front().status.received);
  return oldest;
}

std::unique_ptr<Shard> Shard::successor() {
  for (const auto& submission : open_) reply(submission, number_, UpdateOutcome::unavailable);
  for (const auto& group : open_groups_) reply(group, UpdateOutcome::unavailable);
  auto next = std::make_unique<Shard>(number_, newer_than_, encoder_, hand_over_, steady_now_, linger_options_,
                                      histories_.most_remembered());
  next->table_.continue_after(table_.version());
  next->batch_on_its_way_ = batch_on_its_way_;
  next->oldest_on_its_way_ = oldest_on_its_way_;
  next->oldest_unknown_ = oldest_unknown_;
  return next;
}

}  // namespace ubiety
