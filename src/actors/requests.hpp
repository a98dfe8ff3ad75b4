// What http asks of the engine besides updates and summaries, the answers, and how an answer of any kind comes back:
// plain values, without actors.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/device_state.hpp"
#include "actors/service_state.hpp"
#include "domain/clock.hpp"
#include "domain/status.hpp"
#include "keys/administration.hpp"
#include "storage/log/history_buckets.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Passes an answer from an actor to the thread that waits for it, which the actor need not know. Trivially copyable;
// never allocates. Call it once, from any thread. The receiver outlives all actors.
template <class Outcome>
class Reply {
 public:
  using Deliver = void (*)(void* receiver, std::uint64_t ticket, Outcome&& outcome);

  Reply() = default;
  Reply(Deliver deliver, void* receiver, std::uint64_t ticket)
      : deliver_(deliver), receiver_(receiver), ticket_(ticket) {}

  void operator()(Outcome outcome) const { deliver_(receiver_, ticket_, std::move(outcome)); }

 private:
  Deliver deliver_ = [](void*, std::uint64_t, Outcome&&) {};
  void* receiver_ = nullptr;
  std::uint64_t ticket_ = 0;
};

struct LatestQuery {
  DeviceId device_id;
  Reply<std::optional<DeviceState>> reply;
};

struct HistoryOutcome {
  enum class Kind { page, buckets, unknown_device, unavailable } kind;
  HistoryPage page{};
  std::optional<HistoryBuckets> buckets{};
};

struct ReadHistory {
  HistoryQuery query;
  SteadyTime deadline;
  Reply<HistoryOutcome> reply;
  std::optional<BucketSpan> buckets{};          // asks for these instead of a page; the query has no other span
  std::vector<log::UnmergedRecord> unmerged{};  // set by the shard
  std::optional<std::uint64_t> total_ticket{};  // set by a shard that wants to know the total, see HistoryTotals
  HistoryChanges::Count known_at{};             // set by a shard that knows the total
};

// -- the fleet's numbers --

struct FleetCounts {
  std::uint64_t devices = 0;
  std::uint64_t online = 0;
  std::uint64_t stale = 0;        // silent
  std::uint64_t low_battery = 0;  // below 20 %

  FleetCounts& operator+=(const FleetCounts& other) {
    devices += other.devices;
    online += other.online;
    stale += other.stale;
    low_battery += other.low_battery;
    return *this;
  }
};

struct ShardFleet {
  std::uint32_t shard;
  FleetCounts counts;
};

// A shard scans its devices in slices, so that updates do not wait for the whole scan.
struct CountFleet {
  Reply<ShardFleet> reply;
  std::size_t scanned = 0;  // devices of the shard counted so far
  FleetCounts counts{};     // of those
};

// -- the tail --

// The size of the updates in memory that are not merged into the history yet.
struct TailSize {
  std::uint64_t updates = 0;
  std::uint64_t bytes = 0;
  Timestamp oldest_received = latest_timestamp;  // of the updates; latest_timestamp when there is none
};

// -- the heartbeat --

struct Alive {};

// A shard answers at once, which proves that it still handles messages.
struct ProveAlive {
  Reply<Alive> reply;
};

// -- API keys --

struct ListKeys {};

struct CreateKey {
  keys::KeyRequest request;
};

struct RevokeKey {
  KeyId id;
};

struct RotateKey {
  KeyId id;
  std::chrono::seconds grace;
};

struct KeyOutcome {
  enum class Kind {
    done,
    unknown_key,
    not_live,     // revoked or expired: it cannot be rotated
    replaced,     // rotated before, into the key in `keys`
    unavailable,  // the store did not answer: a change may or may not have happened
  };
  Kind kind;
  std::vector<ApiKey> keys{};             // all keys, or the one asked for
  std::optional<keys::PlainKey> plain{};  // of a new key
};

struct ManageKeys {
  std::variant<ListKeys, CreateKey, RevokeKey, RotateKey> command;
  KeyId by;                // the client's key, for the log
  std::string request_id;  // for the log
  SteadyTime deadline;
  Reply<KeyOutcome> reply;
};

}  // namespace ubiety
