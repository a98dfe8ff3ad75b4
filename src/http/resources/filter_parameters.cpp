#include "http/resources/filter_parameters.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "domain/status.hpp"
#include "domain/text.hpp"

namespace ubiety::http {
namespace {

constexpr std::array<std::string_view, problem_kinds + 2> wanted_problems = [] {
  std::array<std::string_view, problem_kinds + 2> names;
  std::copy(problem_names.begin(), problem_names.end(), names.begin());
  names[problem_kinds] = "any";
  names[problem_kinds + 1] = "outage";
  return names;
}();

std::optional<ProblemFilter> read_problem(QueryReader& reader) {
  const auto place = reader.one_of("problem", wanted_problems);
  if (!place) return std::nullopt;
  if (*place < problem_kinds) return ProblemFilter{ProblemFilter::Which::one, static_cast<ProblemKind>(*place)};
  return ProblemFilter{*place == problem_kinds ? ProblemFilter::Which::any : ProblemFilter::Which::outage};
}

}  // namespace

DeviceFilter read_filter(QueryReader& reader, const Groups& groups) {
  DeviceFilter filter;
  filter.online = reader.boolean("online");
  if (const auto below = reader.integer("battery_below", min_battery_level, max_battery_level + 1))
    filter.battery_below = static_cast<int>(*below);
  if (const auto below = reader.integer("rssi_below", min_rssi, max_rssi + 1))
    filter.rssi_below = static_cast<int>(*below);
  filter.stale = reader.boolean("stale");
  filter.silent_for = reader.duration("silent_for");
  filter.problem = read_problem(reader);
  // No device is in a group that nobody has heard of.
  if (const auto name = reader.utf8_text("group")) filter.group = groups.find(*name).value_or(last_group);
  filter.muted = reader.boolean("muted");
  if (const auto prefix = reader.utf8_text("prefix")) filter.prefix = *prefix;
  if (const auto part = reader.utf8_text("q")) filter.part = ascii::to_lower(*part);
  return filter;
}

}  // namespace ubiety::http
