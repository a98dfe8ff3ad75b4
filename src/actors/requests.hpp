// What http asks of the engine besides updates and summaries, the answers, and how an answer of any kind comes back:
// plain values, without actors.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/device_filter.hpp"
#include "actors/device_member.hpp"
#include "actors/device_state.hpp"
#include "actors/service_state.hpp"
#include "domain/clock.hpp"
#include "domain/status.hpp"
#include "fleet/fleet_totals.hpp"
#include "fleet/group_sum.hpp"
#include "fleet/mutes.hpp"
#include "fleet/outage.hpp"
#include "fleet/problem.hpp"
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
  Reply<std::optional<DeviceDetails>> reply;
};

// Devices that a client names.
struct DevicesFound {
  struct Found {
    std::size_t place;  // in ReadDevices
    std::string json;   // after a comma
  };
  std::vector<Found> devices;
};

// Each shard answers with those devices that it has.
struct ReadDevices {
  std::shared_ptr<const std::vector<DeviceId>> device_ids;
  DeviceMembers members;
  Reply<DevicesFound> reply;
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

// -- removal --

// Which devices: one by its id, or all that a filter selects.
struct DeviceSelection {
  std::optional<DeviceId> device_id{};
  DeviceFilter filter{};
};

struct RemovalOutcome {
  enum class Kind {
    done,
    unknown_device,  // the one device
    count_differs,   // more or fewer devices match than were expected; nothing is removed
    unavailable,     // some or all may be removed
  };
  Kind kind;
  std::uint64_t devices = 0;  // that were removed, or that match
};

struct RemoveDevices {
  DeviceSelection selection;
  std::optional<std::uint64_t> expected{};  // how many match
  Timestamp at;                             // a time of receipt: what is received later is not removed
  KeyId by;                                 // the client's key, for the log
  std::string request_id;                   // for the log
  SteadyTime deadline;
  Reply<RemovalOutcome> reply;
};

// -- mutes --

inline constexpr std::size_t most_mutes = 10'000;

struct SetMute {
  Mute mute;
};

struct EndMute {
  MuteTarget target;
};

struct MuteOutcome {
  enum class Kind {
    done,
    unknown,      // there is no such mute
    too_many,     // see most_mutes
    unavailable,  // the store did not answer: a change may or may not have happened
  };
  Kind kind;
};

struct ManageMutes {
  std::variant<SetMute, EndMute> command;
  KeyId by;                // the client's key, for the log
  std::string request_id;  // for the log
  SteadyTime deadline;
  Reply<MuteOutcome> reply;
};

// -- the fleet's numbers --

// A shard's part of the numbers.
struct ShardFleet {
  std::uint32_t shard = 0;
  FleetTotals totals{};
};

struct CountFleet {
  Reply<ShardFleet> reply;
  std::shared_ptr<GroupSum> groups{};  // to which the shard adds its groups before it replies; nullptr: none asks
};

// -- devices that need attention --

// The order of the list: the worst first.
struct AttentionRank {
  ProblemKind worst{};
  int fewer = 0;    // problems than there can be
  Timestamp since;  // of the worst problem
  DeviceId device_id;

  friend auto operator<=>(const AttentionRank&, const AttentionRank&) = default;
};

struct AttentionQuery {
  std::size_t limit = 100;
  std::optional<AttentionRank> after{};  // only devices behind this one
  std::optional<ProblemKind> problem{};  // only devices with this problem
  std::optional<GroupNumber> group{};
  std::string prefix{};  // of the device id; empty for any
};

struct AttentionRow {
  AttentionRank rank;
  DeviceDetails details;
};

struct AttentionPart {
  std::vector<AttentionRow> rows;  // the first ones; one more than the limit if there are more
  std::uint64_t total = 0;         // devices that match, on whichever page
  std::uint64_t problems = 0;      // of these devices
};

// A shard looks through its devices with problems in slices.
struct ReadAttention {
  std::shared_ptr<const AttentionQuery> query;
  Reply<AttentionPart> reply;
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
