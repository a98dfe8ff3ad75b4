// All that survives a restart of what is known about a device beyond its status, and its form in a database. Pure
// functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fleet/saved_problems.hpp"
#include "fleet/saved_silence.hpp"

namespace ubiety {

struct SavedWatch {
  SavedSilence silence;
  SavedProblems problems{};
  std::string group{};  // its name, where groups are by API key; else empty

  friend bool operator==(const SavedWatch&, const SavedWatch&) = default;
};

// The silence (21 bytes); how many problems there are (8 bits); the problems; the group's name. docs/FORMATS.md
// describes them.
std::string bytes_of(const SavedWatch& watch);

// Returns nullopt for anything that bytes_of did not write. The silence alone, which an earlier version wrote, has no
// problems.
std::optional<SavedWatch> watch_from(std::string_view bytes);

}  // namespace ubiety
