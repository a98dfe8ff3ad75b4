#include "http/message/entity_tag.hpp"

#include "http/message/list_field.hpp"

namespace ubiety::http {

// A tag may hold a comma; none of ours does, so that a part of such a tag equals none of ours.
bool names_tag(std::string_view if_none_match, std::string_view tag) {
  bool found = false;
  for_each_part(if_none_match, ',', [&](std::string_view part) {
    if (part.starts_with("W/")) part.remove_prefix(2);
    found = part == "*" || part == tag;
    return !found;
  });
  return found;
}

}  // namespace ubiety::http
