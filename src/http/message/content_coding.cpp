#include "http/message/content_coding.hpp"

#include "http/message/list_field.hpp"

namespace ubiety::http {
namespace {

bool is_gzip(std::string_view coding) { return is_same_word(coding, "gzip") || is_same_word(coding, "x-gzip"); }

}  // namespace

bool accepts_gzip(std::optional<std::string_view> accept_encoding) {
  if (!accept_encoding) return false;
  std::optional<bool> by_name, by_star;
  for_each_choice(*accept_encoding, [&](std::string_view name, bool is_accepted) {
    if (is_gzip(name)) by_name = is_accepted;
    if (name == "*") by_star = is_accepted;
  });
  return by_name.value_or(by_star.value_or(false));
}

ContentCoding content_coding_of(std::string_view content_encoding) {
  auto result = ContentCoding::identity;
  for_each_element(content_encoding, [&result](std::string_view coding) {
    if (is_same_word(coding, "identity")) return;
    const bool is_only = result == ContentCoding::identity;
    result = is_only && is_gzip(coding) ? ContentCoding::gzip : ContentCoding::other;
  });
  return result;
}

}  // namespace ubiety::http
