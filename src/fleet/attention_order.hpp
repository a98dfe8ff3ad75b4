// The devices that need attention, the worst first: by the worst problem, then those with more problems, then those
// that have had the worst problem for longer. Devices that are equal in all of these are in the order of their numbers.
// A change takes a microsecond, and counts need no look at the devices. One thread at a time.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "domain/timestamp.hpp"
#include "fleet/problem.hpp"

namespace ubiety {

struct AttentionPlace {
  ProblemKind worst{};
  int fewer = 0;    // problems than there can be
  Timestamp since;  // of the worst problem
  std::uint32_t device = 0;

  friend auto operator<=>(const AttentionPlace&, const AttentionPlace&) = default;
};

struct AttentionCount {
  std::size_t devices = 0, problems = 0;
};

class AttentionOrder {
  struct Entry {
    Timestamp since;
    std::uint32_t device = 0;

    friend auto operator<=>(const Entry&, const Entry&) = default;
  };
  using Entries = std::set<Entry>;

 public:
  // `since` is of the worst problem. The set has a problem.
  void add(ProblemSet problems, Timestamp since, std::uint32_t device) {
    by_set_[problems.bits()].insert({since, device});
  }
  // Takes what was added.
  void remove(ProblemSet problems, Timestamp since, std::uint32_t device) {
    by_set_[problems.bits()].erase({since, device});
  }

  // Of the devices with this problem, or of all.
  AttentionCount count(std::optional<ProblemKind> problem = {}) const;

  // Visits the devices with a problem, or all, in order. Valid until the order changes.
  class Walk {
   public:
    // Begins with the first device that is not before `first`.
    Walk(const AttentionOrder& order, std::optional<ProblemKind> problem, const AttentionPlace& first);
    // Returns nullopt after the last device.
    std::optional<AttentionPlace> next();

   private:
    struct Run {
      Entries::const_iterator next, end;
    };

    void open(const Entry& first);

    const AttentionOrder& order_;
    const std::optional<ProblemKind> problem_;
    ProblemKind worst_;
    int fewer_;
    std::vector<Run> runs_;  // the devices with this worst problem and so many problems, by the set of their problems
  };

 private:
  std::array<Entries, std::size_t{1} << problem_kinds> by_set_;
};

}  // namespace ubiety
