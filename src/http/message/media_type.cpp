#include "http/message/media_type.hpp"

#include <algorithm>
#include <string>

namespace ubiety::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Type and subtype, without parameters, in lower case.
std::string essence_of(std::string_view content_type) {
  auto text = content_type.substr(0, content_type.find(';'));
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  std::string essence(text);
  std::transform(essence.begin(), essence.end(), essence.begin(), lower);
  return essence;
}

}  // namespace

bool is_json(std::optional<std::string_view> content_type) {
  if (!content_type) return true;
  const auto type = essence_of(*content_type);
  constexpr std::string_view tree = "application/";
  if (!type.starts_with(tree)) return false;
  const auto subtype = std::string_view(type).substr(tree.size());
  return subtype == "json" || (subtype.size() > 5 && subtype.ends_with("+json"));
}

bool is_ndjson(std::optional<std::string_view> content_type) {
  return content_type && essence_of(*content_type) == "application/x-ndjson";
}

}  // namespace ubiety::http
