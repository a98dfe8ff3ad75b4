// What groups devices: the setting GROUP_BY. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

struct GroupRule {
  enum class By { nothing, prefix, key } by = By::nothing;
  // By prefix: a group's name is the id up to the n-th separator.
  std::string separator{};
  std::size_t nth = 1;

  friend bool operator==(const GroupRule&, const GroupRule&) = default;
};

// Reads `prefix:<separator>`, `prefix:<separator>:<n>` with n from 1 to 16, `key`, or the empty text. The separator is
// 1 to 16 bytes long. Returns nullopt for anything else.
std::optional<GroupRule> group_rule_from(std::string_view text);

}  // namespace ubiety
