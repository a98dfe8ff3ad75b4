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
  row_count_ignored,           // a COPY takes fewer rows than were sent, and nobody counts
  watermark_too_far,           // the watermark is the last time of receipt, whatever is on its way
  handed_over_too_early,       // handed_over is raised before the updates are sent
  shard_not_woken,             // when parcels come, whatever it is doing
  intake_left_out,             // of the watermark
  expired_dropped_after_commit,  // an update whose deadline passed in the writer's hands is answered "not stored"
  error_means_not_committed,     // after an error the writer answers "not stored"
  parts_not_asked_for,           // of what a shard gives in parts only the first is asked for
  changes_forgotten,             // what a failed checkpoint left unwritten is not written the next time
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
  append_not_durable,           // the spool says that it has updates, and has not
  shortened_before_commit,      // a slice leaves the spool before the store has it
  emptied_after_slice,          // what was appended while a slice was forwarded leaves the spool with it
  spool_not_read_at_start,
  spool_not_read_for_lost_shards,
  store_read_before_spool,       // for lost shards: what is forwarded in between is seen in neither
  stepped_back_below_watermark,  // times of receipt step back to the clock whatever watermark is stored
  floor_not_raised,              // a start without its store gives times of receipt that lie before the watermark
};

inline constexpr std::array planted_faults{
    std::pair{Plant::acknowledged_before_commit, std::string_view("AcknowledgedBeforeCommit")},
    std::pair{Plant::greater_or_equal, std::string_view("GreaterOrEqual")},
    std::pair{Plant::last_row_dropped, std::string_view("LastRowDropped")},
    std::pair{Plant::row_count_ignored, std::string_view("RowCountIgnored")},
    std::pair{Plant::watermark_too_far, std::string_view("WatermarkTooFar")},
    std::pair{Plant::handed_over_too_early, std::string_view("HandedOverTooEarly")},
    std::pair{Plant::shard_not_woken, std::string_view("ShardNotWoken")},
    std::pair{Plant::intake_left_out, std::string_view("IntakeLeftOut")},
    std::pair{Plant::expired_dropped_after_commit, std::string_view("ExpiredDroppedAfterCommit")},
    std::pair{Plant::error_means_not_committed, std::string_view("ErrorMeansNotCommitted")},
    std::pair{Plant::parts_not_asked_for, std::string_view("PartsNotAskedFor")},
    std::pair{Plant::changes_forgotten, std::string_view("ChangesForgotten")},
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
    std::pair{Plant::append_not_durable, std::string_view("AppendNotDurable")},
    std::pair{Plant::shortened_before_commit, std::string_view("ShortenedBeforeCommit")},
    std::pair{Plant::emptied_after_slice, std::string_view("EmptiedAfterSlice")},
    std::pair{Plant::spool_not_read_at_start, std::string_view("SpoolNotReadAtStart")},
    std::pair{Plant::spool_not_read_for_lost_shards, std::string_view("SpoolNotReadForLostShards")},
    std::pair{Plant::store_read_before_spool, std::string_view("StoreReadBeforeSpool")},
    std::pair{Plant::stepped_back_below_watermark, std::string_view("SteppedBackBelowWatermark")},
    std::pair{Plant::floor_not_raised, std::string_view("FloorNotRaised")},
};

}  // namespace ubiety::simulation
