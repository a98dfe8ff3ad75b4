// What stands behind `ubietyd keys …`, as it was given.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/api_key.hpp"

namespace ubiety::config {

struct KeyArguments {
  std::string name;
  std::vector<std::string> scopes;
  std::string expires;  // empty for never
  KeyId id = 0;
  std::int64_t grace_seconds = default_grace.count();
};

}  // namespace ubiety::config
