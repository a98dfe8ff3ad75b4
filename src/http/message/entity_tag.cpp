#include "http/message/entity_tag.hpp"

#include <algorithm>

namespace ubiety::http {
namespace {

// Whether the list names the tag, or is `*`. A tag may hold a comma. What stands behind a malformed one is not read.
bool names_tag(std::string_view list, std::string_view tag, bool counts_weak) {
  if (list == "*") return true;
  for (;;) {
    list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
    const bool is_weak = list.starts_with("W/");
    if (is_weak) list.remove_prefix(2);
    const auto end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    if (list.substr(0, end + 1) == tag && (counts_weak || !is_weak)) return true;
    list.remove_prefix(end + 1);
  }
}

}  // namespace

Precondition precondition_of(std::string_view if_match, std::string_view if_none_match, std::string_view tag) {
  if (!if_match.empty() && !names_tag(if_match, tag, false)) return Precondition::failed;
  if (!if_none_match.empty() && names_tag(if_none_match, tag, true)) return Precondition::not_modified;
  return Precondition::holds;
}

}  // namespace ubiety::http
