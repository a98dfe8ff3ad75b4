#include "config/list.hpp"

#include <algorithm>

namespace ubiety::config {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_quoted(std::string_view item) { return item.size() >= 2 && item.front() == '"' && item.back() == '"'; }

bool is_plain(std::string_view item) {
  return !item.empty() && item.find_first_of("\"\\[] ") == std::string_view::npos;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::optional<std::vector<std::string>> parse_list(std::string_view text) {
  text = trimmed(text);
  const bool is_json = text.starts_with('[');
  if (is_json) {
    if (text.size() < 2 || !text.ends_with(']')) return std::nullopt;
    text = trimmed(text.substr(1, text.size() - 2));
  }
  std::vector<std::string> list;
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto item = trimmed(text.substr(0, comma));
    if (is_json != is_quoted(item)) return std::nullopt;
    if (is_json) item = item.substr(1, item.size() - 2);
    if (!is_plain(item)) return std::nullopt;
    list.emplace_back(item);
    if (comma == std::string_view::npos) break;
    text = trimmed(text.substr(comma + 1));
    if (text.empty()) return std::nullopt;
  }
  return list;
}

bool is_origin(std::string_view text) {
  const auto scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos || scheme_end == 0 || !is_lower(text.front())) return false;
  const auto scheme = text.substr(0, scheme_end);
  if (!std::all_of(scheme.begin(), scheme.end(),
                   [](char c) { return is_lower(c) || is_digit(c) || c == '+' || c == '-'; }))
    return false;
  auto host = text.substr(scheme_end + 3);
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const auto port = host.substr(colon + 1);
    if (port.empty() || port.size() > 5 || !std::all_of(port.begin(), port.end(), is_digit)) return false;
    host = host.substr(0, colon);
  }
  constexpr std::string_view others = ".-_[]:";
  return !host.empty() && std::all_of(host.begin(), host.end(), [=](char c) {
    return is_lower(c) || is_digit(c) || others.find(c) != std::string_view::npos;
  });
}

}  // namespace ubiety::config
