// Which problems the devices of a shard have. A problem is latched: it begins by one value and ends by another, see
// ProblemRules. Each of these functions takes microseconds at most, and a device without problems costs no memory but
// its WatchedStatus. One thread at a time: the shard's.
#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "domain/status.hpp"
#include "domain/timestamp.hpp"
#include "fleet/attention_order.hpp"
#include "fleet/problem.hpp"
#include "fleet/saved_problems.hpp"
#include "fleet/watched_status.hpp"

namespace ubiety {

// A device that has problems.
struct Troubled {
  std::uint32_t device = 0;
  ProblemSet problems{};
  bool is_muted = false;
  std::array<Timestamp, problem_kinds> since{};  // by kind
  std::array<float, problem_kinds> amount{};     // see Problem
  Timestamp last_departure{};                    // of a device that flaps

  // The worst first.
  std::vector<Problem> list() const;
  Problem of(ProblemKind kind) const {
    const auto i = static_cast<std::size_t>(kind);
    return {kind, since[i], amount[i]};
  }
};

struct ProblemChange {
  std::uint32_t device = 0;
  Problem problem;
  std::optional<Timestamp> ended;  // nullopt: it began
};

class ProblemWatch {
 public:
  // Changes between two calls of advance() beyond these are counted, but not listed.
  static constexpr std::size_t most_changes = 1'000;
  // How long a clock must be wrong by the same to be a problem: reports that were held back come in less time.
  static constexpr std::chrono::minutes clock_is_wrong_after{10};

  explicit ProblemWatch(std::chrono::microseconds max_clock_skew) : max_clock_skew_(max_clock_skew) {}

  // `status` became the latest of a new device.
  void note_first(std::uint32_t device, WatchedStatus& status);
  // `status` became the latest after `before`.
  void note_latest(std::uint32_t device, WatchedStatus& status, const Status& before);
  // Any report was accepted, also a late one.
  void note_clock(std::uint32_t device, WatchedStatus& status, Timestamp timestamp, Timestamp received) {
    const auto slow = received - timestamp;
    const bool is_right = slow <= max_clock_skew_ && -slow <= max_clock_skew_;
    if (!is_right || status.is_noted()) note_clock(device, status, slow, is_right, received);
  }
  // The device reported that it is offline, or fell silent.
  void note_departure(std::uint32_t device, WatchedStatus& status, Timestamp now);

  // A silent device is a problem of its own; it was last heard at `since`.
  void begin_silent(std::uint32_t device, WatchedStatus& status, Timestamp since);
  void end_silent(std::uint32_t device, WatchedStatus& status, Timestamp now);

  // Forgets the device.
  void remove(std::uint32_t device, WatchedStatus& status);

  // Ends what ends with time. Returns what changed since the last call. Call it about once a second.
  using StatusOf = std::function<WatchedStatus&(std::uint32_t device)>;
  std::vector<ProblemChange> advance(Timestamp now, const StatusOf& status_of);
  // What changed so far is of no interest: a start found it.
  void forget_changes() { changes_.clear(); }

  // -- what there is --

  // Devices that are not muted, the worst first.
  const AttentionOrder& order() const { return order_; }
  // Of devices that are not muted, by kind.
  std::array<std::uint64_t, problem_kinds> counts() const;
  // Muted ones too, in no order.
  std::span<const Troubled> troubled() const { return troubled_; }
  // Returns nullptr if the device has none. Valid until the next call of another function.
  const Troubled* find(std::uint32_t device, const WatchedStatus& status) const;

  // Whether the problems of the device are in the counts.
  void set_muted(std::uint32_t device, bool is_muted);
  // Answers that of a device which has its first problem. By default no device is muted.
  void set_mutes(std::function<bool(std::uint32_t device)> is_muted) { is_muted_ = std::move(is_muted); }

  SavedProblems saved(std::uint32_t device, const WatchedStatus& status) const;
  // Of a device that was just added.
  void restore(std::uint32_t device, WatchedStatus& status, const SavedProblems& saved);

 private:
  // A clock that may be wrong.
  struct Suspicion {
    std::chrono::microseconds slow{};  // how late the device's clock is
    Timestamp since;
  };

  void note_clock(std::uint32_t device, WatchedStatus& status, std::chrono::microseconds slow, bool is_right,
                  Timestamp received);
  void note_values(std::uint32_t device, WatchedStatus& status, const Status& latest);
  void note_trend(std::uint32_t device, WatchedStatus& status, const Status& latest);
  // Begins the problem, or updates the amount of one that has begun.
  void begin(std::uint32_t device, WatchedStatus& status, const Problem& problem);
  // Ends the problem if the device has it.
  void end(std::uint32_t device, WatchedStatus& status, ProblemKind kind, Timestamp now);
  Troubled* find(std::uint32_t device);
  void erase(std::uint32_t device);
  // The problems of the device are about to change, and have changed.
  void take_out(const Troubled& troubled);
  void put_in(const Troubled& troubled);
  void update_noted(std::uint32_t device, WatchedStatus& status) const;
  void note_change(const ProblemChange& change);

  const std::chrono::microseconds max_clock_skew_;
  std::vector<Troubled> troubled_;
  tsl::robin_map<std::uint32_t, std::uint32_t> places_;  // in troubled_, by device
  tsl::robin_map<std::uint32_t, Suspicion> suspicions_;
  AttentionOrder order_;
  std::function<bool(std::uint32_t device)> is_muted_ = [](std::uint32_t) { return false; };
  std::size_t visited_ = 0;  // of troubled_, by advance(), from the end
  std::vector<ProblemChange> changes_;
};

}  // namespace ubiety
