// What became of the check of a request's key. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace ubiety::http {

enum class KeyVerdict {
  accepted,
  missing,       // there is none, or nothing that could be one
  invalid,       // it is none of ours, or revoked, or has expired, or there are two that differ
  insufficient,  // it is not for what is asked
  not_ready,     // the keys are not loaded yet
};
inline constexpr std::size_t key_verdicts = 5;

constexpr std::string_view name_of(KeyVerdict verdict) {
  constexpr std::array<std::string_view, key_verdicts> names{"accepted", "missing", "invalid", "insufficient_scope",
                                                             "not_ready"};
  return names[static_cast<std::size_t>(verdict)];
}

}  // namespace ubiety::http
