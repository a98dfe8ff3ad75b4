// The texts that are generated from the declared settings. Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace ubiety::config {

// "--database-url" for DATABASE_URL.
std::string flag_of(std::string_view name);

// The file .env.example.
std::string env_example();

// The tables at the end of docs/CONFIGURATION.md.
std::string settings_table();

}  // namespace ubiety::config
