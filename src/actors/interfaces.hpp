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
    // Scans its devices in slices, and answers with its part of the summary.
    caf::reacts_to<ReadSummary>,
    // Does the next slice of a scan.
    caf::reacts_to<ContinueScans>,
    // Scans likewise, and answers with counts.
    caf::reacts_to<CountFleet>,
    // Answers from memory if it can, and for an unknown device; else forwards the query to a reader.
    caf::reacts_to<ReadHistory>,
    // Answers at once.
    caf::reacts_to<ProveAlive>,
    // Caches what a reader found; drops what is cached.
    caf::reacts_to<KeepHistory>, caf::reacts_to<ForgetHistories>,
    // Applies a batch that the writer made durable, sends the next batch, and answers.
    caf::reacts_to<BatchDone>,
    // Sends the batch that lingers.
    caf::reacts_to<EndLinger>,
    // Loads stored statuses, at a start or after this shard failed.
    caf::reacts_to<LoadStatuses>,
    // Learns that all stored statuses are loaded.
    caf::reacts_to<ShardRecovered>,
    // Answers with changes for the checkpoint.
    caf::replies_to<CollectChanges>::with<ShardChanges>>;

// Makes batches durable, one commit for all that are waiting. A thread of its own, with a session of its own.
using WriterActor = caf::typed_actor<
    // Commits, then sends BatchDone to the shard. Has one batch of each shard at most.
    caf::reacts_to<CommitBatch>>;

// Reads histories. A thread of its own, with a session of its own.
using ReaderActor = caf::typed_actor<
    // Answers from the store, or "unavailable" when the store does not answer or the deadline has passed.
    caf::reacts_to<ReadHistory>>;

// Loads the latest map at a start, then watches the store, writes the checkpoint behind and has partitions made for the
// coming days. A thread of its own, with a session of its own.
using HousekeeperActor = caf::typed_actor<
    // Reloads a shard that failed.
    caf::reacts_to<RecoverShard>>;

// Keeps the API keys: polls for changes, publishes the keys for the check of requests, and writes their times of use
// behind. A thread of its own, with a connection of its own.
using KeyKeeperActor = caf::typed_actor<
    // Creates, lists, revokes or rotates keys, and answers when the change is published.
    caf::reacts_to<ManageKeys>>;

// The forwarder brings what waits in the spool to the store. A thread of its own, with a session of its own. It takes
// no message but its exit, so it has no type here.

}  // namespace ubiety
