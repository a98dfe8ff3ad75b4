// The commands beside serving: migrate, keys, verify. Each gives the process's exit code and prints for people.
// Blocking.
#pragma once

#include <string>

#include "config/command_line.hpp"
#include "storage/store.hpp"

namespace ubiety::program {

int migrate(const config::Settings& settings, config::Command command);

int keys(const config::Settings& settings, config::Command command, const config::KeyArguments& key);

// Reads only, but for a spool that is not there yet. Exit code 1 when something differs.
int verify_latest(const config::Settings& settings, const std::string& url);

// Prints why, gives the exit code.
int report(const StoreFailure& failure);

}  // namespace ubiety::program
