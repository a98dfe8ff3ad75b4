// Names that look like a misspelt setting. A misspelt ENABLE_AUTH that is ignored would leave the service open. Pure,
// any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ubiety::config {

// The least number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other
// (Damerau–Levenshtein, optimal string alignment).
std::size_t edit_distance(std::string_view left, std::string_view right);

struct Misspelling {
  std::string_view setting;  // what was probably meant
  bool is_certain;           // long enough, and near enough, to be nothing else
};

// nullopt for the name of a setting, and for a name that is like none. Upper and lower case count as the same letter,
// since pydantic reads them so.
std::optional<Misspelling> misspelling_in(std::string_view name);

// For a person: "ENABLE_AUHT is no setting; did you mean ENABLE_AUTH?"
std::string question_about(std::string_view name, const Misspelling& misspelling);

}  // namespace ubiety::config
