// The commands of ubietyd: serve, migrate, keys, verify. Each returns the exit code of the process. The others than
// serve print for people, and only `migrate up` of them creates a missing store. Blocking; the main thread.
#pragma once

#include <string>

#include "config/command_line.hpp"
#include "storage/store.hpp"

namespace ubiety::program {

// Serves until SIGTERM or SIGINT, then drains. A second signal ends the process at once. SIGHUP reloads the
// certificate; SIGUSR1 switches debug logging. Call it before other threads start.
int serve(const config::Settings& settings);

int migrate_up(const config::Settings& settings);

// Reverts the newest migration. Names it, and asks for confirmation on the terminal unless `confirmed`. Fails while a
// service uses the store.
int migrate_down(const config::Settings& settings, bool confirmed);

int migrate_status(const config::Settings& settings);

// An operator's commands on the keys in the store, whether or not a service runs. Keys and lists go to standard output,
// so that a script can read them; messages about them go to standard error.
int keys(const config::Settings& settings, config::Command command, const config::KeyArguments& key);

// Only reads. Exit code 1 if there are differences.
int verify_latest(const config::Settings& settings, const config::VerifyArguments& arguments);

// Print what went wrong. Return exit code 1.
int fail(const std::string& problem);
int report(const StoreFailure& failure);

// Prints which argument or setting is invalid. Returns exit code 2.
int refuse(const std::string& problem);

}  // namespace ubiety::program
