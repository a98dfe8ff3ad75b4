#include "fleet/problem.hpp"

#include <algorithm>

namespace ubiety {

std::optional<ProblemKind> problem_kind_from(std::string_view name) {
  const auto found = std::find(problem_names.begin(), problem_names.end(), name);
  if (found == problem_names.end()) return std::nullopt;
  return static_cast<ProblemKind>(found - problem_names.begin());
}

}  // namespace ubiety
