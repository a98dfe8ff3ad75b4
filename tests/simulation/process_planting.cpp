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
  for (const auto* update : batch.write) {
    copy->parcels.push_back(std::make_unique<Parcel>(batch.shard, *update));
    copy->write.push_back(&copy->parcels.back()->updates().front().update);
  }
  return copy;
}

bool is_report(const Parcel& parcel) { return parcel.updates().size() == 1; }

void answer_expired(const Parcel& parcel) {
  auto copy = copy_of(parcel);
  copy->set_outcome_of_all(UpdateOutcome::expired);
  answer(std::move(copy));
}

}  // namespace

ParcelPointer copy_of(const Parcel& parcel) {
  auto copy = std::make_unique<Parcel>(parcel.shard);
  for (const auto& each : parcel.updates()) copy->add(each.update);
  for (std::size_t i = 0; i < parcel.updates().size(); ++i) copy->updates()[i].outcome = parcel.updates()[i].outcome;
  copy->reply = parcel.reply;
  return copy;
}

void answer(ParcelPointer parcel) {
  const auto reply = parcel->reply;
  reply(std::move(parcel));
}

void Process::plant_before_commit() {
  for (auto& batch : in_hand_) {
    if (world_.plant == Plant::acknowledged_before_commit) {
      auto rows = copy_of_rows(*batch);
      mailboxes_[batch->shard].emplace_back(BatchDone{std::exchange(batch, std::move(rows)), true});
    }
    if (world_.plant == Plant::parcel_answered_before_commit)
      std::erase_if(batch->parcels, [this](auto& parcel) {
        if (is_report(*parcel)) return false;
        answer(copy_of(*parcel));
        taken_out_.push_back(std::move(parcel));
        return true;
      });
    if (world_.plant == Plant::last_row_dropped && !batch->write.empty()) batch->write.pop_back();
  }
}

void Process::plant_before_giving_back() {
  if (world_.plant == Plant::batch_forgotten && in_hand_.size() > 1) in_hand_.pop_back();
  for (auto& batch : in_hand_)
    std::erase_if(batch->parcels, [this](auto& parcel) {
      const bool is_taken_out = is_report(*parcel) ? plant_in_report(*parcel) : plant_in(*parcel);
      if (is_taken_out) taken_out_.push_back(std::move(parcel));
      return is_taken_out;
    });
}

// For Plant::error_means_not_committed.
void Process::give_back_as_not_stored() {
  for (auto& batch : in_hand_) {
    batch->write = {};
    batch->doubtful = {};
    batch->repetitions = {};
    for (auto& parcel : std::exchange(batch->parcels, {})) {
      parcel->set_outcome_of_all(UpdateOutcome::expired);
      answer(std::move(parcel));
    }
  }
  give_back(true);
}

// Whether its shard does not get it back.
bool Process::plant_in_report(Parcel& report) {
  if (world_.plant != Plant::expired_dropped_after_commit || report.deadline > world_.steady_now) return false;
  answer_expired(report);
  return true;
}

// The same for a parcel of several updates.
bool Process::plant_in(Parcel& parcel) {
  const auto updates = parcel.updates();
  const bool one_is_refused = std::any_of(updates.begin(), updates.end(),
                                          [](const auto& each) { return each.outcome == UpdateOutcome::refused; });
  switch (world_.plant) {
    case Plant::parcel_refusal_told_stored: parcel.set_outcome_of_all(UpdateOutcome::stored); return false;
    case Plant::parcel_refused_as_a_whole:
      if (one_is_refused) parcel.set_outcome_of_all(UpdateOutcome::refused);
      return false;
    case Plant::parcel_expired_after_commit:
      if (parcel.deadline > world_.steady_now) return false;
      answer_expired(parcel);
      return true;
    case Plant::parcel_credit_kept: kept_credits_.push_back(std::move(parcel.credit)); return false;
    case Plant::parcel_forgotten: return true;
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
  for (const auto& parcel : batch.parcels)
    for (const auto& [update, outcome] : parcel->updates())
      if (outcome != UpdateOutcome::refused) take_loosely(update);
}

}  // namespace ubiety::simulation
