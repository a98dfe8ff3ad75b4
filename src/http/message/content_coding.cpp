#include "http/message/content_coding.hpp"

#include <string>

#include "http/message/list_field.hpp"

namespace ubiety::http {
namespace {

bool is_gzip(std::string_view coding) { return is_same_word(coding, "gzip") || is_same_word(coding, "x-gzip"); }

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
    if (is_gzip(name)) by_name = !refused;
    if (name == "*") by_star = !refused;
    return true;
  });
  return by_name.value_or(by_star.value_or(false));
}

ContentCoding content_coding_of(std::optional<std::string_view> content_encoding) {
  if (!content_encoding) return ContentCoding::identity;
  const auto coding = trimmed(*content_encoding);
  if (coding.empty() || is_same_word(coding, "identity")) return ContentCoding::identity;
  return is_gzip(coding) ? ContentCoding::gzip : ContentCoding::other;
}

}  // namespace ubiety::http
