// A position in the feed as text: how far a client is in what changes in the fleet. It is the id of a stream's events
// and X-Ubiety-Position of a summary. docs/FORMATS.md describes it; to clients it is opaque. Pure functions, any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ubiety::http {

inline constexpr std::string_view position_field = "X-Ubiety-Position";

struct FeedPosition {
  std::uint64_t run = 0;               // see Engine::run: the numbers below mean nothing in another run
  std::uint64_t last_event = 0;        // of the fleet, by its number
  std::vector<std::uint64_t> changes;  // the next change of each shard

  friend bool operator==(const FeedPosition&, const FeedPosition&) = default;
};

std::string text_of(const FeedPosition& position);

// Returns nullopt for anything that text_of did not write.
std::optional<FeedPosition> parse_position(std::string_view text);

}  // namespace ubiety::http
