// The commands other than serve: migrate, keys, verify. Each prints for people and returns the exit code of the
// process. Only `migrate up` creates a missing store. Blocking; one thread.
#pragma once

#include <string>

#include "config/command_line.hpp"
#include "storage/store.hpp"

namespace ubiety::program {

int migrate_up(const config::Settings& settings);

// Reverts the newest migration. Names it, and asks for confirmation on the terminal unless `confirmed`. Fails while a
// service uses the store.
int migrate_down(const config::Settings& settings, bool confirmed);

int migrate_status(const config::Settings& settings);

int keys(const config::Settings& settings, config::Command command, const config::KeyArguments& key);

// Only reads. Exit code 1 if there are differences.
int verify_latest(const config::Settings& settings, const config::VerifyArguments& arguments);

// Prints why the store failed. Returns exit code 1.
int report(const StoreFailure& failure);

// Prints which setting is wrong. Returns exit code 2.
int refuse(const std::string& problem);

}  // namespace ubiety::program
