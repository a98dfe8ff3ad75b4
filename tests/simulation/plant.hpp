// Faults that a test plants in the simulation's own parts, to see that the checker finds them. The product knows none.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace ubiety::simulation {

enum class Plant {
  none,
  acknowledged_before_commit,  // the writer answers, then commits
  greater_or_equal,            // the latest map takes a later arrival of equal time for newer, whenever it was received
  last_row_dropped,            // the writer leaves out the last row of each batch
  shard_not_woken,             // when parcels come, whatever it is doing
  expired_dropped_after_commit,  // an update whose deadline passed in the writer's hands is answered "not stored"
  error_means_not_committed,     // after an error the writer answers "not stored"
  batch_forgotten,               // a batch that was committed is never given back
  successor_forgets_batch,       // the shard in a failed one's place does not know of the batch that is on its way
  read_before_recovered,         // it is read from before it has what the store has
  // These are planted in parcels of several updates only.
  parcel_answered_before_commit,
  parcel_answered_twice,
  parcel_forgotten,             // a parcel that was committed is not given back with its batch
  parcel_refusal_told_stored,   // what the store refused of a parcel is answered "stored"
  parcel_refused_as_a_whole,    // one refused update has the parcel's others refused, too
  parcel_expired_after_commit,  // a parcel whose deadline passed in the writer's hands is answered "not stored"
  parcel_credit_kept,           // a parcel is answered and its credit does not go back
  settled_without_standby,      // an unknown append counts as settled, though the standby does not have its row
  merged_before_applied,        // rows are merged before the shards have them in their tails
  tail_trimmed_too_early,       // the shards drop updates before the merge has them
  two_mergers,                  // a merge does not notice that its rows were merged by another process
  fewer_rows_deleted,           // a merge leaves a row in the log, and nobody counts
  merge_begins_again,           // an interrupted merge is not finished, but begins at the first device
  latest_not_raised,            // a merge leaves the latest statuses as they are
  append_not_durable,           // the spool says that it has updates, and has not
  shortened_before_commit,      // a slice leaves the spool before the store has it
  spool_not_read_at_start,
  spool_not_read_for_lost_shards,
  store_read_before_spool,  // for lost shards: what is forwarded in between is seen in neither
  removal_not_durable,      // the remover answers without a commit
  removal_not_passed_on,    // the shards are not told which devices are removed
  removals_not_loaded,      // a start does not find out which devices were removed
  swept_too_much,           // a sweep deletes what a device has reported since its removal
};

inline constexpr std::array planted_faults{
    std::pair{Plant::acknowledged_before_commit, std::string_view("AcknowledgedBeforeCommit")},
    std::pair{Plant::greater_or_equal, std::string_view("GreaterOrEqual")},
    std::pair{Plant::last_row_dropped, std::string_view("LastRowDropped")},
    std::pair{Plant::shard_not_woken, std::string_view("ShardNotWoken")},
    std::pair{Plant::expired_dropped_after_commit, std::string_view("ExpiredDroppedAfterCommit")},
    std::pair{Plant::error_means_not_committed, std::string_view("ErrorMeansNotCommitted")},
    std::pair{Plant::batch_forgotten, std::string_view("BatchForgotten")},
    std::pair{Plant::successor_forgets_batch, std::string_view("SuccessorForgetsBatch")},
    std::pair{Plant::read_before_recovered, std::string_view("ReadBeforeRecovered")},
    std::pair{Plant::parcel_answered_before_commit, std::string_view("ParcelAnsweredBeforeCommit")},
    std::pair{Plant::parcel_answered_twice, std::string_view("ParcelAnsweredTwice")},
    std::pair{Plant::parcel_forgotten, std::string_view("ParcelForgotten")},
    std::pair{Plant::parcel_refusal_told_stored, std::string_view("ParcelRefusalToldStored")},
    std::pair{Plant::parcel_refused_as_a_whole, std::string_view("ParcelRefusedAsAWhole")},
    std::pair{Plant::parcel_expired_after_commit, std::string_view("ParcelExpiredAfterCommit")},
    std::pair{Plant::parcel_credit_kept, std::string_view("ParcelCreditKept")},
    std::pair{Plant::settled_without_standby, std::string_view("SettledWithoutStandby")},
    std::pair{Plant::merged_before_applied, std::string_view("MergedBeforeApplied")},
    std::pair{Plant::tail_trimmed_too_early, std::string_view("TailTrimmedTooEarly")},
    std::pair{Plant::two_mergers, std::string_view("TwoMergers")},
    std::pair{Plant::fewer_rows_deleted, std::string_view("FewerRowsDeleted")},
    std::pair{Plant::merge_begins_again, std::string_view("MergeBeginsAgain")},
    std::pair{Plant::latest_not_raised, std::string_view("LatestNotRaised")},
    std::pair{Plant::append_not_durable, std::string_view("AppendNotDurable")},
    std::pair{Plant::shortened_before_commit, std::string_view("ShortenedBeforeCommit")},
    std::pair{Plant::spool_not_read_at_start, std::string_view("SpoolNotReadAtStart")},
    std::pair{Plant::spool_not_read_for_lost_shards, std::string_view("SpoolNotReadForLostShards")},
    std::pair{Plant::store_read_before_spool, std::string_view("StoreReadBeforeSpool")},
    std::pair{Plant::removal_not_durable, std::string_view("RemovalNotDurable")},
    std::pair{Plant::removal_not_passed_on, std::string_view("RemovalNotPassedOn")},
    std::pair{Plant::removals_not_loaded, std::string_view("RemovalsNotLoaded")},
    std::pair{Plant::swept_too_much, std::string_view("SweptTooMuch")},
};

}  // namespace ubiety::simulation
