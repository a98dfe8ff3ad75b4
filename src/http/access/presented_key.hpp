// The key that a request comes with. Pure functions, any thread.
#pragma once

#include <optional>
#include <string_view>

#include "http/http1/exchange.hpp"

namespace ubiety::http {

struct PresentedKey {
  std::string_view text{};        // empty when there is none
  bool is_contradictory = false;  // several are given, and they differ
};

// What `Authorization: Bearer …` carries; nullopt for other schemes, which are for others, such as a proxy's own.
std::optional<std::string_view> bearer_token(std::string_view authorization);

PresentedKey presented_key(const Exchange& exchange, std::string_view header);

}  // namespace ubiety::http
