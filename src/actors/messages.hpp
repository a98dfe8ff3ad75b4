// Every message that the actors exchange. What is heavy or cannot be copied travels behind a shared pointer that the
// sender lets go of: CAF may copy a message, though it never does here.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/parcel.hpp"
#include "actors/requests.hpp"
#include "actors/summary.hpp"
#include "domain/clock.hpp"
#include "domain/status_update.hpp"
#include "storage/store.hpp"

namespace ubiety {

// -- engine to shard --

// Parcels wait in the shard's ShardPort, which sends this when the shard would not look by itself.
struct TakeParcels {};

// Latest statuses that could not be read past the mailbox.
struct ReadLatest {
  std::shared_ptr<std::vector<LatestQuery>> queries;
};

// ReadHistory, CountFleet and ProveAlive are in actors/requests.hpp, ReadSummary is in actors/summary.hpp.

// -- reader to shard --

// The store's answer, see FollowedHistories::keep.
struct KeepHistory {
  DeviceId device_id;
  std::uint64_t version;  // that of the question
  std::uint64_t rows;
  std::vector<Status> newest;
};

// -- shard to writer and back --

// What a shard gathered while its last batch was in flight.
struct Batch {
  // An update that is not written, because another one of the batch is the same row.
  struct Repetition {
    ParcelUpdate* update;
    const StatusUpdate* row;  // of `write`
  };

  std::uint32_t shard = 0;
  Parcels parcels;
  WriteBatch write;  // points into `parcels`
  std::vector<Repetition> repetitions;
  // Set by the writer.
  bool fresh_are_new = false;  // see Committed
  SteadyTime commit_began{}, commit_ended{};
};

struct CommitBatch {
  std::shared_ptr<Batch> batch;
};

// The batch is durable, except for its refused updates. When `committed` is false, the service stops and what is
// durable is unknown.
struct BatchDone {
  std::shared_ptr<Batch> batch;
  bool committed = true;
};

// -- shard to itself --

// See Linger.
struct EndLinger {};

// -- recovery to shard --

// Stored statuses: first those of the checkpoint, then those of the history.
struct LoadStatuses {
  Origin origin;
  std::shared_ptr<std::vector<StatusUpdate>> statuses;
};

// -- housekeeper to shard and back --

// Asks for the changes since the last checkpoint, in parts.
struct CollectChanges {
  enum class Wanted : std::uint8_t {
    changes,     // the first part: of what changed since it was last given
    everything,  // the first part: of all statuses, because some that were given are lost
    more,        // the next part
  };
  Timestamp handed_over;  // all updates received before this are with their shards, see Checkpoint
  std::size_t most;       // statuses in an answer
  Wanted wanted = Wanted::changes;
};

// Every update received before the earliest `watermark` of a whole collection is in it, or was in an earlier one.
// `statuses` is null when the shard is not recovered.
struct ShardChanges {
  std::shared_ptr<std::vector<StatusUpdate>> statuses;
  Timestamp watermark;
  bool more = false;
};

// A shard failed: its successor needs what the store has of its devices.
struct RecoverShard {
  std::uint32_t shard;
  std::uint64_t incarnation;  // how often it failed
};

// Rows may have been removed from histories, or the database may have been another one meanwhile.
struct ForgetHistories {};

// Every stored status was sent: at a start, or since this incarnation's RecoverShard.
struct ShardRecovered {
  std::uint64_t incarnation;
};

}  // namespace ubiety

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::TakeParcels)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadLatest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadSummary)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ContinueScans)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::CountFleet)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadHistory)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ProveAlive)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::KeepHistory)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ForgetHistories)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::CommitBatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::BatchDone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::EndLinger)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::LoadStatuses)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::CollectChanges)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ShardChanges)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::RecoverShard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ShardRecovered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ManageKeys)
