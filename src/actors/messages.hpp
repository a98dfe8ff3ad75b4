// Every message that the actors exchange, in the order in which an update meets them. What is heavy or cannot be copied
// travels behind a shared pointer that the sender lets go of: CAF may copy a message, though it never does here.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/admission.hpp"
#include "actors/fleet_counts.hpp"
#include "actors/reply.hpp"
#include "actors/summary.hpp"
#include "actors/update_trace.hpp"
#include "domain/clock.hpp"
#include "domain/status_update.hpp"
#include "storage/store.hpp"

namespace ubiety {

// -- http to shard --

enum class UpdateOutcome : std::uint8_t {
  stored,       // durable, and now the device's latest
  late,         // durable, but not newer than the latest
  duplicate,    // durable before
  expired,      // not written: its deadline had passed
  unavailable,  // unknown: the service stopped before the store answered
  refused,      // not written: the store refuses this update for what it is, which validation should have seen
};

// One update on its way.
struct Submission {
  StatusUpdate update;
  SteadyTime deadline;
  Reply<UpdateOutcome> reply;
  Credit credit;
  UpdateTracePointer trace{};                     // nullptr when the request is not traced
  UpdateOutcome outcome = UpdateOutcome::stored;  // until it is answered only the writer's, for what it refuses
};

// There are submissions in the shard's SubmissionIntake, to be made durable.
struct TakeSubmissions {};

// Updates of one request for one shard: made durable together and answered together.
struct UpdateGroup {
  std::uint32_t shard = 0;
  std::vector<StatusUpdate> updates;    // in the order of receipt
  std::vector<UpdateOutcome> outcomes;  // one for each; until it is answered only the writer's, for those it refuses
  SteadyTime deadline;
  Reply<std::shared_ptr<UpdateGroup>> reply;
  Credit credit;
  UpdateTracePointer trace;  // nullptr when the request is not traced
};

// To be made durable. All belong to the shard.
struct SubmitGroup {
  std::shared_ptr<UpdateGroup> group;
};

struct LatestQuery {
  DeviceId device_id;
  Reply<std::optional<Status>> reply;
};

struct ReadLatest {
  std::shared_ptr<std::vector<LatestQuery>> queries;
};

// ReadSummary, ContinueScans: see actors/summary.hpp; CountFleet: see actors/fleet_counts.hpp

struct HistoryOutcome {
  enum class Kind { page, unknown_device, unavailable } kind;
  HistoryPage page;
};

// The shard answers it when it can, else passes it on to a reader.
struct ReadHistory {
  HistoryQuery query;
  SteadyTime deadline;
  Reply<HistoryOutcome> reply;
  std::optional<std::uint64_t> follow_version{};  // set by a shard that wants to know what the store answered
};

// The answer to ProveAlive.
struct Alive {};

// Answered at once, to show that the shard's turn comes.
struct ProveAlive {
  Reply<Alive> reply;
};

// -- reader to shard --

// What the store answered, see FollowedHistories::keep.
struct KeepHistory {
  DeviceId device_id;
  std::uint64_t version;  // that of the question
  std::uint64_t rows;
  std::vector<Status> newest;
};

// -- shard to writer and back --

// What a shard has gathered while its last batch was on its way. `write` points into what is gathered.
struct Batch {
  std::uint32_t shard = 0;
  std::vector<Submission> submissions;
  std::vector<std::shared_ptr<UpdateGroup>> groups;
  WriteBatch write;
  // Set by the writer.
  bool fresh_are_new = false;  // see Committed
  SteadyTime commit_began{}, commit_ended{};
};

struct CommitBatch {
  std::shared_ptr<Batch> batch;
};

// The batch is durable but for its refused updates; or, when `committed` is false, the service stops and nobody knows.
struct BatchDone {
  std::shared_ptr<Batch> batch;
  bool committed = true;
};

// -- shard to itself --

// See Linger.
struct EndLinger {};

// -- recovery to shard --

// Statuses that the store had, those of the checkpoint in earlier messages than those of the history.
struct LoadStatuses {
  Origin origin;
  std::shared_ptr<std::vector<StatusUpdate>> statuses;
};

// -- housekeeper to shard and back --

// A collection for the checkpoint is asked for in parts, until there is no more of it.
struct CollectChanges {
  enum class Wanted : std::uint8_t {
    changes,     // begin: with what changed and was not given yet
    everything,  // begin: with all statuses, since some that were given were lost
    more,        // go on
  };
  Timestamp handed_over;  // whatever was received before is with its shard, see Checkpoint
  std::size_t most;       // statuses in an answer
  Wanted wanted = Wanted::changes;
};

// Statuses as they are now. Every update received before the earliest `watermark` of a whole collection is in it, or
// was in earlier ones. `statuses` is null when the shard has not been recovered.
struct ShardChanges {
  std::shared_ptr<std::vector<StatusUpdate>> statuses;
  Timestamp watermark;
  bool more = false;
};

// A shard failed: the one in its place has to be told what the store has of its devices.
struct RecoverShard {
  std::uint32_t shard;
  std::uint64_t incarnation;  // how often it failed
};

// Rows may have been removed from histories, or the database was another one meanwhile.
struct ForgetHistories {};

// All that the store has was sent, at a start, or behind the asking of this incarnation.
struct ShardRecovered {
  std::uint64_t incarnation;
};

}  // namespace ubiety

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::TakeSubmissions)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::SubmitGroup)
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
