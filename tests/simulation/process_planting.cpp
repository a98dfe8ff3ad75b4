// Where a Process does wrong what a plant wants wrong.
#include <algorithm>
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {
namespace {

// A batch of its own, with the same rows to write.
std::shared_ptr<Batch> copy_of_rows(const Batch& batch) {
  auto copy = std::make_shared<Batch>();
  copy->shard = batch.shard;
  copy->submissions.reserve(batch.write.fresh.size() + batch.write.doubtful.size());
  for (const auto* lane : {&batch.write.fresh, &batch.write.doubtful})
    for (const auto* update : *lane) {
      copy->submissions.push_back({*update, {}, {}, {}});
      copy->write.doubtful.push_back(&copy->submissions.back().update);
    }
  return copy;
}

void answer_expired(const std::shared_ptr<UpdateGroup>& group) {
  std::fill(group->outcomes.begin(), group->outcomes.end(), UpdateOutcome::expired);
  group->reply(group);
}

}  // namespace

void Process::plant_before_commit() {
  for (auto& batch : in_hand_) {
    if (world_.plant == Plant::acknowledged_before_commit) {
      auto rows = copy_of_rows(*batch);
      mailboxes_[batch->shard].emplace_back(BatchDone{std::exchange(batch, std::move(rows)), true});
    }
    if (world_.plant == Plant::group_answered_before_commit) {
      for (const auto& group : batch->groups) group->reply(group);
      std::move(batch->groups.begin(), batch->groups.end(), std::back_inserter(answered_));
      batch->groups.clear();
    }
    if (world_.plant == Plant::last_row_dropped) {
      auto& [fresh, doubtful] = batch->write;
      (doubtful.empty() ? fresh : doubtful).pop_back();
    }
  }
}

void Process::plant_before_giving_back() {
  if (world_.plant == Plant::batch_forgotten && in_hand_.size() > 1) in_hand_.pop_back();
  for (auto& batch : in_hand_) {
    if (world_.plant == Plant::expired_dropped_after_commit)
      std::erase_if(batch->submissions, [this](const Submission& submission) {
        const bool expired = submission.deadline <= world_.steady_now;
        if (expired) submission.reply(UpdateOutcome::expired);
        return expired;
      });
    std::erase_if(batch->groups, [this](const auto& group) {
      const bool taken_out = plant_in_group(group);
      if (taken_out) answered_.push_back(group);
      return taken_out;
    });
  }
}

// For Plant::error_means_not_committed.
void Process::give_back_as_not_stored() {
  for (auto& batch : in_hand_) {
    batch->write = {};
    for (const auto& submission : batch->submissions) submission.reply(UpdateOutcome::expired);
    batch->submissions.clear();
    for (const auto& group : std::exchange(batch->groups, {})) answer_expired(group);
  }
  give_back(true);
}

// Whether its shard does not get it back.
bool Process::plant_in_group(const std::shared_ptr<UpdateGroup>& group) {
  auto& outcomes = group->outcomes;
  const bool one_is_refused = std::count(outcomes.begin(), outcomes.end(), UpdateOutcome::refused) > 0;
  switch (world_.plant) {
    case Plant::group_refusal_told_stored:
      std::fill(outcomes.begin(), outcomes.end(), UpdateOutcome::stored);
      return false;
    case Plant::group_refused_as_a_whole:
      if (one_is_refused) std::fill(outcomes.begin(), outcomes.end(), UpdateOutcome::refused);
      return false;
    case Plant::group_expired_after_commit:
      if (group->deadline > world_.steady_now) return false;
      answer_expired(group);
      return true;
    case Plant::group_credit_kept: kept_credits_.push_back(std::move(group->credit)); return false;
    case Plant::group_forgotten: return true;
    default: return false;
  }
}

// The whole rule with `>=` would be the same rule, for two statuses of one rank are one status. So the fault is in the
// part that may be equal: of equal times the one that comes last wins, and a restart reads them in another order.
void Process::take_loosely(const StatusUpdate& update) {
  if (world_.plant != Plant::greater_or_equal) return;
  const auto time_of = [](const Status& status) {
    return std::min(status.timestamp, status.received + std::chrono::minutes(5));
  };
  const auto [place, is_first] = loose_latest_.try_emplace(update.device_id, update.status);
  if (!is_first && time_of(update.status) >= time_of(place->second)) place->second = update.status;
}

void Process::take_loosely(const Batch& batch) {
  for (const auto& submission : batch.submissions)
    if (submission.outcome != UpdateOutcome::refused) take_loosely(submission.update);
  for (const auto& group : batch.groups)
    for (std::size_t i = 0; i < group->updates.size(); ++i)
      if (group->outcomes[i] != UpdateOutcome::refused) take_loosely(group->updates[i]);
}

}  // namespace ubiety::simulation
