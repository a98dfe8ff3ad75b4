// Decides whether silent devices are problems of their own or one outage of their group. One thread at a time.
//
// Once a tick: note the suspects of all shards, take the questions, add up the shards' answers, decide, and tell the
// shards and the operator. tests/support/simulated_fleet.hpp is that wiring without threads.
//
// The rule. A device that was quiet for twice its usual gap was due within one usual gap of its last report. If its
// group went out after that report, no device of the group was heard in the last usual gap. So when a suspect comes,
// and of the devices expected in the last usual gap at most half were heard, the group is out. A slow device counts as
// expected in part, so the first suspect of a group with quick and slow devices finds the outage, and no single problem
// comes before. The rule needs five expected devices: fewer cannot be told from chance.
//
// An outage ends when half of what was missing is heard again, or the group's devices were removed. A device that stays
// away becomes a suspect again, after as long as it may be quiet. Then it is a problem of its own. An outage of the
// fleet, by the same rule, stands instead of outages of its groups.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "fleet/listening_time.hpp"
#include "fleet/outage.hpp"

namespace ubiety {

struct GroupDecisions {
  std::vector<DeviceNumber> problems;  // suspects that are problems of their own
  std::vector<Outage> began, ended;
};

class GroupSilence {
 public:
  // With fewer expected devices there is no outage, so a smaller group has none.
  static constexpr std::uint32_t fewest_expected = 5;

  GroupSilence() = default;
  // Continues what all_outages() returned before a restart. Then the shards must be told, too.
  explicit GroupSilence(std::span<const Outage> outages);

  void note(const Suspect& suspect) { suspects_.push_back(suspect); }

  // How often an outage is looked at whether it has ended.
  static constexpr std::chrono::seconds between_looks{10};

  // What to ask the shards, in the order of the groups; empty if there is nothing to decide.
  std::vector<GroupQuestion> questions(ListeningTime now);

  // Decides about all suspects that were noted before questions(). `answers`: the sums of the shards' answers, in the
  // order of the last questions. If a shard cannot answer, call questions() again
  // later.
  GroupDecisions decide(std::span<const GroupCensus> answers, ListeningTime now);

  // The running outage of the group, or of the fleet if that is out; nullptr if there is none. Valid until the next
  // decide().
  const Outage* outage_of(GroupNumber group) const;

  // The last outage of each group, running or ended, but not one that an outage of the fleet replaced.
  std::vector<Outage> all_outages() const;

 private:
  bool is_running(GroupNumber group) const;
  bool stayed_away(const Suspect& suspect, GroupNumber group) const;
  void end_outages(std::span<const GroupCensus> answers, ListeningTime now, GroupDecisions& decisions);
  void begin_outages(std::span<const GroupCensus> answers, ListeningTime now, GroupDecisions& decisions);
  void end_all(ListeningTime now, GroupDecisions& decisions);
  void end(Outage& outage, ListeningTime now, GroupDecisions& decisions);

  std::map<GroupNumber, Outage> outages_;  // the last one of each group
  std::vector<Suspect> suspects_;
  std::size_t asked_ = 0;  // how many of the suspects the questions are about
  std::vector<GroupQuestion> questions_;
  ListeningTime next_look_;
};

}  // namespace ubiety
