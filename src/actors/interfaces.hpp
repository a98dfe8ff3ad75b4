// The typed handle of every actor: the whole protocol on one page. The messages are in actors/messages.hpp.
#pragma once

#include <caf/typed_actor.hpp>

#include "actors/messages.hpp"

namespace ubiety {

// Owns the latest status of its devices: those whose id hashes to it. Runs on CAF's scheduler and never blocks.
using ShardActor = caf::typed_actor<
    // Puts the parcels that wait in its port into the open batch. Each is answered when it is durable and applied.
    caf::reacts_to<TakeParcels>,
    // Answers each query from memory.
    caf::reacts_to<ReadLatest>,
    // Scans its devices in slices and answers with its part of the summary.
    caf::reacts_to<ReadSummary>,
    // Does the next slice of a scan.
    caf::reacts_to<ContinueScans>,
    // Counts its devices in slices and answers with the counts.
    caf::reacts_to<CountFleet>,
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
    caf::reacts_to<ResendLost>>;

// Makes batches durable, with one commit for all that are waiting. It has its own thread and session.
using WriterActor = caf::typed_actor<
    // Commits, then sends BatchDone to the shard. Holds at most one batch of each shard.
    caf::reacts_to<CommitBatch>>;

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

// The merger moves the shards' tails from the log into the history, and the forwarder moves rows from the spool to the
// store. Each has its own thread and session. They take no message but their exit, so they have no types here.

}  // namespace ubiety
