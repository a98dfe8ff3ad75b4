#include "http/message/header_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "domain/random.hpp"
#include "domain/text.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t max_request_id_bytes = 128;

bool is_gzip(std::string_view coding) {
  return ascii::equal_ignoring_case(coding, "gzip") || ascii::equal_ignoring_case(coding, "x-gzip");
}

// Type and subtype in lower case, without parameters.
std::string media_type_of(std::string_view content_type) {
  auto text = content_type.substr(0, content_type.find(';'));
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return ascii::to_lower(text);
}

Answer unsupported_answer(std::string_view detail, std::string_view accepted) {
  auto answer = detail_answer(415, detail);
  answer.fields.push_back({"Accept", std::string(accepted)});
  return answer;
}

std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

// Whether the list contains the tag, or is `*`. A tag may contain a comma. A malformed tag ends the list.
bool contains_tag(std::string_view list, std::string_view tag, bool counts_weak) {
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

bool is_port_or_nothing(std::string_view text) {
  constexpr std::size_t max_port_digits = 5;
  if (text.empty()) return true;
  return text.front() == ':' && text.size() > 1 && text.size() <= 1 + max_port_digits &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// Some proxies write "192.0.2.1:4711" and "[2001:db8::1]:4711".
std::optional<IpAddress> parse_entry(std::string_view text) {
  std::string_view address = text, port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    address = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (address.find(':') == std::string_view::npos) return std::nullopt;
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    address = text.substr(0, text.find(':'));
    port = text.substr(address.size());
  }
  return is_port_or_nothing(port) ? parse_ip_address(address) : std::nullopt;
}

}  // namespace

bool accepts_html(std::string_view accept) {
  std::optional<bool> by_type, by_kind, by_star;
  for_each_choice(accept, [&](std::string_view range, bool is_accepted) {
    if (ascii::equal_ignoring_case(range, "text/html")) by_type = is_accepted;
    if (ascii::equal_ignoring_case(range, "text/*")) by_kind = is_accepted;
    if (range == "*/*") by_star = is_accepted;
  });
  return by_type.value_or(by_kind.value_or(by_star.value_or(false)));
}

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
    if (ascii::equal_ignoring_case(coding, "identity")) return;
    const bool is_only = result == ContentCoding::identity;
    result = is_only && is_gzip(coding) ? ContentCoding::gzip : ContentCoding::other;
  });
  return result;
}

bool is_json(std::optional<std::string_view> content_type) {
  if (!content_type) return true;
  const auto type = media_type_of(*content_type);
  constexpr std::string_view tree = "application/";
  if (!type.starts_with(tree)) return false;
  const auto subtype = std::string_view(type).substr(tree.size());
  return subtype == "json" || (subtype.size() > 5 && subtype.ends_with("+json"));
}

bool is_ndjson(std::optional<std::string_view> content_type) {
  if (!content_type) return false;
  constexpr std::array<std::string_view, 5> names{"application/x-ndjson", "application/ndjson", "application/jsonl",
                                                  "application/x-jsonlines", "application/json-lines"};
  return std::find(names.begin(), names.end(), media_type_of(*content_type)) != names.end();
}

Answer not_json_answer() {
  return unsupported_answer("the Content-Type must be application/json", "application/json, application/*+json");
}

Answer neither_json_nor_ndjson_answer() {
  return unsupported_answer("the Content-Type must be application/x-ndjson or application/json",
                            "application/x-ndjson, application/json, application/*+json");
}

bool prefers_representation(std::optional<std::string_view> prefer) {
  if (!prefer) return false;
  std::optional<bool> wanted;
  for_each_part(*prefer, ',', [&](std::string_view part) {
    const auto preference = trimmed(part.substr(0, part.find(';')));  // without its parameters
    const auto equals_sign = preference.find('=');
    if (equals_sign == std::string_view::npos ||
        !ascii::equal_ignoring_case(trimmed(preference.substr(0, equals_sign)), "return"))
      return true;
    wanted = unquoted(trimmed(preference.substr(equals_sign + 1))) == "representation";
    return false;
  });
  return wanted.value_or(false);
}

Precondition precondition_of(std::string_view if_match, std::string_view if_none_match, std::string_view tag) {
  if (!if_match.empty() && !contains_tag(if_match, tag, false)) return Precondition::failed;
  if (!if_none_match.empty() && contains_tag(if_none_match, tag, true)) return Precondition::not_modified;
  return Precondition::holds;
}

void append_request_id(std::string& out, std::optional<std::string_view> offered) {
  if (offered && !offered->empty() && offered->size() <= max_request_id_bytes &&
      std::all_of(offered->begin(), offered->end(), ascii::is_visible)) {
    out += *offered;
    return;
  }
  const std::array<std::uint64_t, 2> id{random_number(), random_number()};
  append_hexadecimal(out, {reinterpret_cast<const char*>(id.data()), sizeof id});
}

bool TrustedProxies::contain(const IpAddress& address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const IpRange& range) { return range.contains(address); });
}

IpAddress TrustedProxies::client_behind(const IpAddress& peer, std::string_view forwarded_for) const {
  auto client = peer;
  auto left = forwarded_for;
  while (!left.empty() && contain(client)) {
    const auto comma = left.rfind(',');
    const auto last = trimmed(comma == std::string_view::npos ? left : left.substr(comma + 1));
    left = comma == std::string_view::npos ? std::string_view{} : left.substr(0, comma);
    if (last.empty()) continue;  // empty elements are ignored (RFC 9110, 5.6.1.2)
    const auto address = parse_entry(last);
    if (!address) break;
    client = *address;
  }
  return client;
}

}  // namespace ubiety::http
