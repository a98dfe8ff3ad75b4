// API keys as JSON. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/api_key.hpp"

namespace ubiety::http {

// {"keys":[…],"total_keys":N}
std::string keys_json(const std::vector<ApiKey>& keys, Timestamp now);

// One of them, with its text, which is seen this one time.
std::string new_key_json(const ApiKey& key, std::string_view text, Timestamp now);

}  // namespace ubiety::http
