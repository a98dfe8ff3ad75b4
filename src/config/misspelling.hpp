// Finds names that look like a misspelt setting. If a misspelt ENABLE_AUTH were ignored, the service would be open to
// all. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety::config {

// The smallest number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other
// (Damerau–Levenshtein, optimal string alignment).
std::size_t edit_distance(std::string_view left, std::string_view right);

struct Misspelling {
  std::string_view setting;  // what was probably meant
  bool is_certain;           // the name is long and similar enough to be nothing else
};

// Returns nullopt for the name of a setting, and for a name that is similar to none. Ignores the case of letters, as
// pydantic does.
std::optional<Misspelling> misspelling_in(std::string_view name);

// For a person: "ENABLE_AUHT is not a setting; did you mean ENABLE_AUTH?"
std::string question_about(std::string_view name, const Misspelling& misspelling);

}  // namespace ubiety::config
