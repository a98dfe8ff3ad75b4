// The typed handle of every actor: the protocol on one page. Messages are in actors/messages.hpp.
#pragma once

#include <caf/typed_actor.hpp>

#include "actors/key_messages.hpp"
#include "actors/messages.hpp"

namespace ubiety {

// Owns the latest status of its devices: those whose id hashes to it. Runs on CAF's scheduler and never blocks.
using ShardActor = caf::typed_actor<
    // Puts what is in its intake into the open batch; each is answered when it is durable and applied.
    caf::reacts_to<TakeSubmissions>,
    // The same for a group of updates, which is answered as a whole.
    caf::reacts_to<SubmitGroup>,
    // Answers each query from memory.
    caf::reacts_to<ReadLatest>,
    // Answers with this shard's part of the summary, from memory, after a scan in slices.
    caf::reacts_to<ReadSummary>,
    // Does the next slice of a scan.
    caf::reacts_to<ContinueScans>,
    // Scans too, for numbers only.
    caf::reacts_to<CountFleet>,
    // Answers at once for a device it does not know and with what it remembers, else passes the query on to a reader.
    caf::reacts_to<ReadHistory>,
    // Answers, whatever has become of its devices.
    caf::reacts_to<ProveAlive>,
    // Keeps what a reader found, or forgets it.
    caf::reacts_to<KeepHistory>, caf::reacts_to<ForgetHistories>,
    // The writer is done with a batch: applies it, answers, and hands over the next.
    caf::reacts_to<BatchDone>,
    // Hands over what lingers.
    caf::reacts_to<EndLinger>,
    // Takes in what the store had, at a start or after a failure of this shard.
    caf::reacts_to<LoadStatuses>,
    // Has all that the store had.
    caf::reacts_to<ShardRecovered>,
    // Gives the changes for the checkpoint.
    caf::replies_to<CollectChanges>::with<ShardChanges>>;

// Makes batches durable, one commit for all that are waiting. A thread of its own, with a session of its own.
using WriterActor = caf::typed_actor<
    // Commits, then tells the shard. At most one batch of each shard is here at a time.
    caf::reacts_to<CommitBatch>>;

// Reads histories. A thread of its own, with a session of its own.
using ReaderActor = caf::typed_actor<
    // Answers from the store, or "unavailable" when the store does not answer or the deadline has passed.
    caf::reacts_to<ReadHistory>>;

// Loads the latest map at a start, then watches the store, writes the checkpoint behind and makes room for the coming
// days. A thread of its own, with a session of its own.
using HousekeeperActor = caf::typed_actor<
    // Loads a shard that failed.
    caf::reacts_to<RecoverShard>>;

// Keeps the API keys: looks for changes of them, publishes them for those who check requests, and writes behind when
// they were used. A thread of its own, with a connection of its own.
using KeyKeeperActor = caf::typed_actor<
    // Makes, lists, revokes or rotates keys, and answers when what follows from it is published.
    caf::reacts_to<ManageKeys>>;

// Brings what waits in the spool to the store. A thread of its own, with a session of its own. It takes no messages but
// its exit.

}  // namespace ubiety
