// The protocol of the actors: every message that they exchange, and the typed handle of each. CAF may copy a message,
// though it never does here; so a payload that is large or cannot be copied travels behind a shared pointer, which the
// sender releases.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/feed.hpp"
#include "actors/parcel.hpp"
#include "actors/requests.hpp"
#include "actors/summary.hpp"
#include "domain/status.hpp"
#include "fleet/fleet_totals.hpp"
#include "fleet/group_silence.hpp"
#include "fleet/problem.hpp"
#include "storage/store.hpp"

namespace ubiety {

class AttentionScan;

// -- engine to shard --

// Parcels wait in the shard's ShardPort, which sends this unless the shard will look by itself.
struct TakeParcels {};

// Queries that ShardPort::try_latest could not answer.
struct ReadLatest {
  std::shared_ptr<std::vector<LatestQuery>> queries;
};

// ReadDevices, ReadHistory, CountFleet, ReadAttention and ProveAlive are in actors/requests.hpp, ReadSummary is in
// actors/summary.hpp, ReadFeed in actors/feed.hpp.

// -- reader to shard --

// The total of a history, see HistoryTotals.
struct KeepTotal {
  DeviceId device_id;
  std::uint64_t ticket;  // ReadHistory::total_ticket
  std::uint64_t records;
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
  UpdateList write;     // points into `parcels`; by key_before, without repetitions
  UpdateList doubtful;  // those of `write` that may be stored already, and would become the latest: the writer asks
  std::vector<Repetition> repetitions;
  // Updates that the store lost and a shard still has, see ResendLost. Points into `resent` then, and has no parcels.
  std::vector<StatusUpdate> resent;
  // Set by the writer.
  log::Position position{};  // of the log's row; of the last row if the store refused updates
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

// A search for the devices that need attention is under way.
struct ContinueAttention {
  std::shared_ptr<AttentionScan> scan;
};

// -- recovery to shard --

// What a start found: latest statuses, then rows of the log. A row that the shard has already is ignored. The same
// after the store lost merges: first how far these streams are merged, then the rows of the log.
struct LoadStored {
  std::shared_ptr<std::vector<log::LatestStatus>> latest;
  std::shared_ptr<std::vector<log::Row>> rows;
  bool is_latest_known = true;  // false for rows of the spool that are loaded before the latest statuses
  std::shared_ptr<const log::Positions> merged = nullptr;
  std::shared_ptr<const std::vector<log::Removal>> removals = nullptr;  // they come first
};

// -- merger to shard and back --

// Asks for the next devices, by their ids, that have updates in the log's rows up to `through`.
struct CollectUnmerged {
  std::shared_ptr<const log::Positions> through;
  DeviceId after;            // the devices behind this one
  std::size_t most_records;  // in an answer, about
};

struct UnmergedDevices {
  std::shared_ptr<std::vector<log::DeviceToMerge>> devices;  // nullptr when the shard is not recovered
  DeviceId reached;                                          // all devices up to this one were looked at
  bool more = false;
};

// These rows are in the history now.
struct DropMerged {
  std::shared_ptr<const log::Positions> merged;
};

// The store lost rows that it had acknowledged. Their updates that are in the tail are written again.
struct ResendLost {
  log::StreamId stream;
  std::int64_t kept_through;  // the last row of the stream that the store still has
};

// -- remover to shard and back --

// Asks for the next devices that a selection has, with the moment of their removal.
struct FindDevices {
  std::shared_ptr<const DeviceSelection> selection;
  Timestamp at;          // no removal is earlier
  std::size_t next = 0;  // what the last answer said
};

struct FoundDevices {
  std::shared_ptr<std::vector<log::Removal>> removals;  // nullptr when the shard is not recovered
  std::size_t next = 0;
  bool more = false;
};

// These removals are durable. The shard answers when the devices are gone.
struct ForgetDevices {
  std::shared_ptr<const std::vector<log::Removal>> removals;
};

// The fleet's board says that these devices are removed. A stream may have shown those that have reported since before
// that.
struct ShowAgain {
  std::shared_ptr<const std::vector<log::Removal>> removals;
};

struct ForgotDevices {};

// -- merger to shard --

// The store has forgotten the removals before this time.
struct ForgetRemovals {
  Timestamp before;
};

// -- the fleet's keeper to shard and back --

// A second has passed: asks what changed since the last one.
struct FindChanges {
  ListeningTime now;
  Timestamp wall_now;
  std::shared_ptr<const std::vector<GroupNumber>> groups;  // whose totals are wanted
};

// A problem that began or ended.
struct DeviceEvent {
  DeviceId device_id;
  GroupNumber group = whole_fleet;
  Problem problem;
  std::optional<Timestamp> ended{};
};

struct FleetChanges {
  std::vector<Suspect> suspects;
  std::vector<DeviceEvent> events;
  std::vector<GroupTotals> groups;  // in the order of the question
  std::uint64_t reports = 0;        // FleetTotals::reports
};

// Asks about groups, see SilenceWatch::census.
struct TakeCensus {
  std::shared_ptr<const std::vector<GroupQuestion>> questions;
  ListeningTime now;
};

// The answers, in the order of the questions.
struct Census {
  std::vector<GroupCensus> answers;
};

// What GroupSilence decided.
struct SilenceDecided {
  std::shared_ptr<const GroupDecisions> decisions;
};

// -- mute keeper to shard --

// All mutes that run.
struct MutesChanged {
  std::shared_ptr<const Mutes> mutes;
};

// A shard sends this to itself until it has counted its muted devices again.
struct CountMuted {};

// -- housekeeper to shard and back --

// A shard failed: its successor needs the stored statuses of its devices.
struct RecoverShard {
  std::uint32_t shard;
  std::uint64_t incarnation;  // how often it failed
};

// Every stored status was sent: at a start, or since this incarnation's RecoverShard.
struct ShardRecovered {
  std::uint64_t incarnation;
};

}  // namespace ubiety

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::TakeParcels)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadLatest)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadDevices)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadSummary)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ContinueScans)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadFeed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::CountFleet)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadAttention)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ContinueAttention)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ReadHistory)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ProveAlive)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::KeepTotal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::CommitBatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::BatchDone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::EndLinger)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::LoadStored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::CollectUnmerged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::UnmergedDevices)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::DropMerged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ResendLost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::FindDevices)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::FoundDevices)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ForgetDevices)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ShowAgain)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ForgotDevices)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ForgetRemovals)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::RemoveDevices)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::FindChanges)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::FleetChanges)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::TakeCensus)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::Census)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::SilenceDecided)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::RecoverShard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ShardRecovered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ManageKeys)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::ManageMutes)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::MutesChanged)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ubiety::CountMuted)

namespace ubiety {

// -- the typed handles --

// Owns the latest status of its devices: those whose id hashes to it. Runs on CAF's scheduler and never blocks.
using ShardActor = caf::typed_actor<
    // Puts the parcels that wait in its port into the open batch. Each is answered when it is durable and applied.
    caf::reacts_to<TakeParcels>,
    // Answers each query from memory.
    caf::reacts_to<ReadLatest>,
    // Answers with those of the named devices that it has.
    caf::reacts_to<ReadDevices>,
    // Scans its devices in slices and answers with its part of the summary.
    caf::reacts_to<ReadSummary>,
    // Does the next slice of a scan.
    caf::reacts_to<ContinueScans>,
    // Answers with what each channel lacks, up to a bound.
    caf::reacts_to<ReadFeed>,
    // Answers with its part of the fleet's numbers.
    caf::reacts_to<CountFleet>,
    // Looks through its devices with problems in slices, and answers with the worst.
    caf::reacts_to<ReadAttention>,
    // Does the next slice of it.
    caf::reacts_to<ContinueAttention>,
    // Answers from its tail if it can, or if the device is unknown; else forwards the query with the tail to a reader.
    caf::reacts_to<ReadHistory>,
    // Keeps the total that a reader has counted.
    caf::reacts_to<KeepTotal>,
    // Answers at once.
    caf::reacts_to<ProveAlive>,
    // Applies a batch that the writer made durable, sends the next batch, and answers the parcels.
    caf::reacts_to<BatchDone>,
    // Sends the batch that lingers.
    caf::reacts_to<EndLinger>,
    // Loads what is stored, at a start or after this shard failed.
    caf::reacts_to<LoadStored>,
    // All stored statuses are loaded: the shard may be read.
    caf::reacts_to<ShardRecovered>,
    // Answers with updates to merge.
    caf::replies_to<CollectUnmerged>::with<UnmergedDevices>,
    // Drops merged updates from its tail.
    caf::reacts_to<DropMerged>,
    // Writes updates again that the store lost.
    caf::reacts_to<ResendLost>,
    // Answers with the next devices of a selection.
    caf::replies_to<FindDevices>::with<FoundDevices>,
    // Forgets devices whose removal is durable.
    caf::replies_to<ForgetDevices>::with<ForgotDevices>,
    // Counts those of the devices that it has as changed.
    caf::reacts_to<ShowAgain>,
    // Forgets old removals.
    caf::reacts_to<ForgetRemovals>,
    // Answers with what changed since the last second.
    caf::replies_to<FindChanges>::with<FleetChanges>,
    // Answers each question.
    caf::replies_to<TakeCensus>::with<Census>,
    // Notes problems, and outages that began or ended.
    caf::reacts_to<SilenceDecided>,
    // Counts these mutes from now on.
    caf::reacts_to<MutesChanged>,
    // Counts the next muted devices.
    caf::reacts_to<CountMuted>>;

// Makes batches durable, with one commit for all that are waiting. It has its own thread and session.
using WriterActor = caf::typed_actor<
    // Commits, then sends BatchDone to the shard. Holds at most one batch of each shard.
    caf::reacts_to<CommitBatch>,
    // Answers between two commits, for a reader to which the database grants no connection.
    caf::reacts_to<ReadHistory>>;

// Reads histories. It has its own thread and session.
using ReaderActor = caf::typed_actor<
    // Answers from the store, or "unavailable" when the store does not answer or the deadline has passed.
    caf::reacts_to<ReadHistory>>;

// Loads the latest map and the log at a start, then watches the store, prepares partitions for the coming days and
// removes what has expired. It has its own thread and session.
using HousekeeperActor = caf::typed_actor<
    // Reloads a shard that failed.
    caf::reacts_to<RecoverShard>>;

// Keeps the API keys: polls for changes, publishes the keys for the check of requests, and writes behind when each was
// last used. It has its own thread and connection.
using KeyKeeperActor = caf::typed_actor<
    // Creates, lists, revokes or rotates keys, and answers when the change is published.
    caf::reacts_to<ManageKeys>>;

// Keeps the mutes: makes each change durable, and passes the mutes that run to the shards. It has its own thread, and a
// session while it works.
using MuteKeeperActor = caf::typed_actor<
    // Answers when the shards have been sent the change.
    caf::reacts_to<ManageMutes>>;

// Removes devices: makes the removals durable, then has the shards forget the devices. It has its own thread, and a
// session while it works.
using RemoverActor = caf::typed_actor<
    // Answers when all are removed.
    caf::reacts_to<RemoveDevices>>;

// The merger moves the shards' tails from the log into the history, and the forwarder moves rows from the spool to the
// store. Each has its own thread and session. They take no message but their exit, so they have no types here.

}  // namespace ubiety
