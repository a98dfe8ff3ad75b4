#include "http/content_coding.hpp"

#include <string>

#include "http/list_field.hpp"

namespace ubiety::http {
namespace {

bool is_same_word(std::string_view text, std::string_view lower_case) {
  return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                    [](char left, char right) { return (left >= 'A' && left <= 'Z' ? left + 32 : left) == right; });
}

// qvalue: 0, 0.0 to 0.000 mean "not acceptable".
bool is_zero_weight(std::string_view parameter) {
  if (parameter.size() < 3 || !is_same_word(parameter.substr(0, 2), "q=")) return false;
  return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::optional<std::string_view> accept_encoding) {
  if (!accept_encoding) return false;
  std::optional<bool> by_name, by_star;
  for_each_part(*accept_encoding, ',', [&](std::string_view coding) {
    std::string_view name;
    bool refused = false;
    for_each_part(coding, ';', [&](std::string_view part) {
      if (name.empty())
        name = part;
      else
        refused = refused || is_zero_weight(part);
      return true;
    });
    if (is_same_word(name, "gzip") || is_same_word(name, "x-gzip")) by_name = !refused;
    if (name == "*") by_star = !refused;
    return true;
  });
  return by_name.value_or(by_star.value_or(false));
}

}  // namespace ubiety::http
