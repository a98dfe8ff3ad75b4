// What survives a restart of what is known about a device's silence, and its form in a database. Pure functions, any
// thread.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fleet/listening_time.hpp"
#include "fleet/rhythm.hpp"

namespace ubiety {

struct SavedSilence {
  ListeningTime heard;  // last
  Rhythm::Bytes rhythm{};
  bool is_silent = false;
  bool is_problem = false;

  friend bool operator==(const SavedSilence&, const SavedSilence&) = default;
};

inline constexpr std::size_t saved_silence_size = 21;

// When the device was heard, in milliseconds of listening time (64 bits, big-endian); the rhythm; then 1 if
// the device is silent, 2 more if that is a problem. docs/FORMATS.md describes them.
std::string bytes_of(const SavedSilence& silence);

// Returns nullopt for anything that bytes_of did not write.
std::optional<SavedSilence> silence_from(std::string_view bytes);

}  // namespace ubiety
