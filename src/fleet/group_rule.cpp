#include "fleet/group_rule.hpp"

#include "domain/text.hpp"

namespace ubiety {
namespace {

constexpr std::size_t longest_separator = 16;
constexpr int most_separators = 16;

}  // namespace

std::optional<GroupRule> group_rule_from(std::string_view text) {
  constexpr std::string_view by_prefix = "prefix:";
  if (text.empty()) return GroupRule{};
  if (text == "key") return GroupRule{.by = GroupRule::By::key};
  if (!text.starts_with(by_prefix)) return std::nullopt;
  text.remove_prefix(by_prefix.size());
  GroupRule rule{.by = GroupRule::By::prefix};
  // A colon may be the separator itself.
  if (const auto colon = text.find(':', 1); colon != std::string_view::npos) {
    const auto nth = parse_integer<int>(text.substr(colon + 1));
    if (!nth || *nth < 1 || *nth > most_separators) return std::nullopt;
    rule.nth = static_cast<std::size_t>(*nth);
    text = text.substr(0, colon);
  }
  if (text.empty() || text.size() > longest_separator) return std::nullopt;
  rule.separator = text;
  return rule;
}

}  // namespace ubiety
