#include "config/misspelling.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "config/settings.hpp"
#include "domain/text/characters.hpp"

namespace ubiety::config {
namespace {

// Shorter names, such as HOSTS, are more likely another program's than a misspelling.
constexpr std::size_t min_certain_length = 8;  // characters
constexpr std::size_t max_edits = 2;

// Defined by OpenTelemetry, but not used here.
constexpr std::array<std::string_view, 1> names_of_others{"OTEL_BLRP_SCHEDULE_DELAY"};

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  // Row i holds the distances from the first i characters of `left` to each prefix of `right`.
  std::vector<std::size_t> before_last, last(right.size() + 1), row(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    std::swap(last, row);
  }
  return last.back();
}

std::optional<Misspelling> misspelling_in(std::string_view name) {
  if (std::find(names_of_others.begin(), names_of_others.end(), name) != names_of_others.end()) return std::nullopt;
  const auto given = ascii::to_upper(name);
  const bool is_long = name.size() >= min_certain_length;
  std::size_t least = (is_long ? max_edits : 1) + 1;
  std::optional<Misspelling> nearest;
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) {
      if (declaration.name == name) return std::nullopt;
      const auto distance = edit_distance(given, declaration.name);
      if (distance >= least) continue;
      least = distance;
      nearest = Misspelling{declaration.name, is_long && distance <= 1};
    }
  return nearest;
}

std::string question_about(std::string_view name, const Misspelling& misspelling) {
  return std::string(name) + " is not a setting; did you mean " + std::string(misspelling.setting) + "?";
}

}  // namespace ubiety::config
