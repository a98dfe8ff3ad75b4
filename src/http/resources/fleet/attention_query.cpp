#include "http/resources/fleet/attention_query.hpp"

#include <array>
#include <optional>
#include <utility>

#include "domain/text.hpp"
#include "http/message/query.hpp"

namespace ubiety::http {
namespace {

constexpr std::string_view cursor_version = "01";
constexpr std::int64_t longest_page = 1'000;

// Returns nullopt for anything that attention_cursor did not write.
std::optional<AttentionRank> decode_cursor(std::string_view text) {
  if (!text.starts_with(cursor_version)) return std::nullopt;
  const auto decoded = from_hexadecimal(text.substr(cursor_version.size()));
  if (!decoded) return std::nullopt;
  std::string_view rest = *decoded;
  std::array<std::int64_t, 3> numbers{};
  for (auto& number : numbers) {
    const auto end = rest.find(' ');
    const auto value = end == std::string_view::npos ? std::nullopt : parse_integer<std::int64_t>(rest.substr(0, end));
    if (!value) return std::nullopt;
    number = *value;
    rest.remove_prefix(end + 1);
  }
  const auto [worst, fewer, since] = numbers;
  if (worst < 0 || worst >= static_cast<std::int64_t>(problem_kinds) || fewer < 0 || fewer > 6 || rest.empty())
    return std::nullopt;
  return AttentionRank{static_cast<ProblemKind>(worst), static_cast<int>(fewer), {since}, DeviceId(rest)};
}

ValidationMessage unknown_kind() {
  std::string text = "value is not a valid enumeration member; permitted: ";
  for (const auto name : problem_names)
    text.append("'").append(name).append(name == problem_names.back() ? "'" : "', ");
  return {std::move(text), "type_error.enum"};
}

}  // namespace

Result<AttentionQuery, Answer> parse_attention_query(std::string_view query, const Groups& groups) {
  AttentionQuery request;
  QueryReader reader(query);
  if (const auto limit = reader.integer("limit", 1, longest_page)) request.limit = static_cast<std::size_t>(*limit);
  if (const auto cursor = reader.text("cursor")) {
    request.after = decode_cursor(*cursor);
    if (!request.after) reader.fault("cursor", pydantic::bad_cursor());
  }
  if (const auto name = reader.text("problem")) {
    request.problem = problem_kind_from(*name);
    if (!request.problem) reader.fault("problem", unknown_kind());
  }
  // No device is in a group that nobody has heard of.
  if (const auto name = reader.utf8_text("group")) request.group = groups.find(*name).value_or(last_group);
  if (const auto prefix = reader.utf8_text("prefix")) request.prefix = *prefix;
  if (auto refusal = reader.refusal()) return Failure{std::move(*refusal)};
  return request;
}

std::string attention_cursor(const AttentionRank& last) {
  const auto numbers = std::to_string(static_cast<int>(last.worst)) + ' ' + std::to_string(last.fewer) + ' ' +
                       std::to_string(last.since.microseconds) + ' ';
  return std::string(cursor_version) + to_hexadecimal(numbers + last.device_id);
}

}  // namespace ubiety::http
