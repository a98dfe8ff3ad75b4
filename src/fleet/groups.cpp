#include "fleet/groups.hpp"

namespace ubiety {
GroupNumber Groups::group_of(std::string_view device_id) {
  if (rule_.by != GroupRule::By::prefix) return whole_fleet;
  std::size_t end = 0;
  for (std::size_t found = 0; found < rule_.nth; ++found) {
    end = device_id.find(rule_.separator, found == 0 ? 0 : end + rule_.separator.size());
    if (end == std::string_view::npos) return whole_fleet;
  }
  return number_of(device_id.substr(0, end));
}

GroupNumber Groups::number_of(std::string_view name) {
  if (name.empty()) return whole_fleet;
  const MutexLock lock(mutex_);
  if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
  if (names_.size() == last_group) return whole_fleet;
  names_.emplace_back(name);
  const auto number = static_cast<GroupNumber>(names_.size());
  numbers_.emplace(names_.back(), number);
  return number;
}

std::optional<GroupNumber> Groups::find(std::string_view name) const {
  const MutexLock lock(mutex_);
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view Groups::name_of(GroupNumber group) const {
  const MutexLock lock(mutex_);
  return group == whole_fleet || group > names_.size() ? std::string_view() : std::string_view(names_[group - 1]);
}

std::size_t Groups::size() const {
  const MutexLock lock(mutex_);
  return names_.size();
}

}  // namespace ubiety
