// Which group a device belongs to (GROUP_BY), and the names of the groups by their numbers, which are of this process.
// A group stays known as long as the process runs. Any thread.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/thread_safety.hpp"
#include "fleet/group_rule.hpp"
#include "fleet/outage.hpp"

namespace ubiety {

class Groups {
 public:
  explicit Groups(GroupRule rule = {}) : rule_(std::move(rule)) {}

  bool are_used() const { return rule_.by != GroupRule::By::nothing; }
  bool are_by_key() const { return rule_.by == GroupRule::By::key; }

  // The group by the device's id. Returns `whole_fleet` for a device in no group: its id has too few separators, or
  // groups are not by prefix.
  GroupNumber group_of(std::string_view device_id);

  // Returns the number of the group with this name, which is new if need be. Returns `whole_fleet` for the empty name,
  // and once there are too many groups.
  GroupNumber number_of(std::string_view name);
  std::optional<GroupNumber> find(std::string_view name) const;

  // The name is valid as long as the groups. Empty for `whole_fleet`.
  std::string_view name_of(GroupNumber group) const;
  std::size_t size() const;

 private:
  const GroupRule rule_;
  mutable Mutex mutex_;
  std::deque<std::string> names_ GUARDED_BY(mutex_);  // of the groups from 1 on
  std::unordered_map<std::string_view, GroupNumber> numbers_ GUARDED_BY(mutex_);
};

}  // namespace ubiety
