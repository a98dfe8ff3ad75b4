// Every message that the actors exchange. CAF may copy a message, though it never does here; so a payload that is large
// or cannot be copied travels behind a shared pointer, which the sender releases.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/parcel.hpp"
#include "actors/requests.hpp"
#include "actors/summary.hpp"
#include "domain/status.hpp"
#include "storage/store.hpp"

namespace ubiety {

// -- engine to shard --

// Parcels wait in the shard's ShardPort, which sends this unless the shard will look by itself.
struct TakeParcels {};

// Queries that ShardPort::try_latest could not answer.
struct ReadLatest {
  std::shared_ptr<std::vector<LatestQuery>> queries;
};

// ReadHistory, CountFleet and ProveAlive are in actors/requests.hpp, ReadSummary is in actors/summary.hpp.

// -- reader to shard --

// The store's answer, see FollowedHistories::keep.
struct KeepHistory {
  DeviceId device_id;
  std::uint64_t version;  // ReadHistory::follow_version
  std::uint64_t rows;
  std::vector<Status> newest;
};

// -- shard to writer and back --

// The parcels that a shard gathered while its previous batch was in flight.
struct Batch {
  // An update that is not written, because another update of the batch is the same row.
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
  CommitTimes commit{};
};

struct CommitBatch {
  std::shared_ptr<Batch> batch;
};

// The batch is durable, except for its refused updates. `committed` is false when the service stopped first: then it is
// unknown what is durable.
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
    changes,     // the first part of what changed since the last collection
    everything,  // the first part of all statuses, because some that were collected are lost
    more,        // the next part
  };
  Timestamp handed_over;  // all updates received before this are with their shards, see Checkpoint
  std::size_t most;       // statuses in an answer, at most
  Wanted wanted = Wanted::changes;
};

// Every update received before the earliest `watermark` of a whole collection is in it, or was in an earlier one.
// `statuses` is null when the shard is not recovered.
struct ShardChanges {
  std::shared_ptr<std::vector<StatusUpdate>> statuses;
  Timestamp watermark;
  bool more = false;
};

// A shard failed: its successor needs the stored statuses of its devices.
struct RecoverShard {
  std::uint32_t shard;
  std::uint64_t incarnation;  // how often it failed
};

// Cached histories may be wrong: rows were removed, or the database was away and may have been restored.
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
