// The commands beside serving: migrate, keys, verify. Each returns the process's exit code and prints for people. Only
// `migrate up` makes a store that is missing. Blocking.
#pragma once

#include <string>

#include "config/command_line.hpp"
#include "storage/store.hpp"

namespace ubiety::program {

int migrate_up(const config::Settings& settings);

// Names the newest migration and, unless `confirmed`, asks on the terminal before it takes it back. Refuses to while a
// service runs on the store.
int migrate_down(const config::Settings& settings, bool confirmed);

int migrate_status(const config::Settings& settings);

int keys(const config::Settings& settings, config::Command command, const config::KeyArguments& key);

// Only reads. Exit code 1 when something differs.
int verify_latest(const config::Settings& settings, const config::VerifyArguments& arguments);

// Prints why the store failed. Returns exit code 1.
int report(const StoreFailure& failure);

// Prints which setting is wrong. Returns exit code 2.
int refuse(const std::string& problem);

}  // namespace ubiety::program
