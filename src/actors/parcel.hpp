// A parcel: the updates of one request for one shard, from validation to the answer. A single report is a parcel of
// one. The updates of a parcel are committed together and answered together.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/admission.hpp"
#include "actors/requests.hpp"
#include "domain/clock.hpp"
#include "domain/status.hpp"
#include "fleet/outage.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety {

// Returns the shard that the device belongs to. Any thread. Uses the upper half of the hash, because the hash tables
// use the lower.
inline std::uint32_t shard_of(std::string_view device_id, std::uint32_t shards) {
  return static_cast<std::uint32_t>((std::hash<std::string_view>{}(device_id) >> 32) % shards);
}

enum class UpdateOutcome : std::uint8_t {
  stored,       // durable, and now the device's latest status
  late,         // durable, but not newer than the latest status
  duplicate,    // was durable already
  expired,      // not written: its deadline passed first
  unavailable,  // unknown: the service stopped before the store answered
  refused,      // not written: the store rejected the update, though validation passed it
};

struct ParcelUpdate {
  StatusUpdate update;
  UpdateOutcome outcome = UpdateOutcome::stored;  // final once the parcel is answered
};

// The trace of the request that a parcel belongs to.
struct UpdateTrace {
  tracing::Tracer& tracer;        // outlives all actors
  tracing::TraceContext request;  // the parent of the spans
  SteadyTime submitted;
};

struct Parcel;
using ParcelPointer = std::unique_ptr<Parcel>;

// One thread at a time: that of its owner.
struct Parcel {
  Parcel(std::uint32_t its_shard, StatusUpdate update) : shard(its_shard), one_{std::move(update)} {}
  // Empty: add() its updates before it is submitted.
  explicit Parcel(std::uint32_t its_shard) : shard(its_shard) {}
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;

  void add(StatusUpdate update) { many_.push_back({std::move(update)}); }

  // At least one, in the order of receipt. Their addresses do not change once the parcel is submitted.
  std::span<ParcelUpdate> updates() { return many_.empty() ? std::span(&one_, 1) : std::span(many_); }
  std::span<const ParcelUpdate> updates() const { return many_.empty() ? std::span(&one_, 1) : std::span(many_); }

  Timestamp oldest_received() const { return updates().front().update.status.received; }

  void set_outcome_of_all(UpdateOutcome outcome) {
    for (auto& each : updates()) each.outcome = outcome;
  }

  std::uint32_t shard;
  GroupNumber group = whole_fleet;  // of the API key that reports, where groups are by key
  SteadyTime deadline{};
  Reply<ParcelPointer> reply{};
  Credit credit{};
  std::unique_ptr<const UpdateTrace> trace{};  // nullptr unless the request is traced

 private:
  ParcelUpdate one_;  // spares a report an allocation
  std::vector<ParcelUpdate> many_;
};

using Parcels = std::vector<ParcelPointer>;

struct CommitTimes {
  SteadyTime began{}, ended{};
  std::size_t updates = 0;  // rows of the commit
};

// Answers a parcel whose outcomes are final, and records its trace. `commit` is nullptr when nothing was committed,
// because all was durable already or the parcel failed.
void answer(ParcelPointer parcel, const CommitTimes* commit);
// Answers a parcel that was not committed, or of which that is unknown.
void answer_without_commit(ParcelPointer parcel, UpdateOutcome outcome);

}  // namespace ubiety
