// The commands of ubietyd: serve, migrate, keys, verify, export. Each returns the exit code of the process. The others
// than serve print for people, and only `migrate up` of them creates a missing store. Blocking; the main thread.
#pragma once

#include <memory>
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

// Exit code 1 if something is wrong, and is not repaired. Only reads, unless it is to repair: then it fails while a
// service uses the store.
int verify_latest(const config::Settings& settings, const config::VerifyArguments& arguments);

// Writes the selected history to standard output, whether or not a service runs.
int export_history(const config::Settings& settings, const config::ExportArguments& arguments);

// Opens the store of the settings, whose schema has to be up to date. Prints what went wrong; then `store` is nullptr.
struct OpenedStore {
  std::unique_ptr<Store> store{};
  int exit_code = 0;
};
OpenedStore open_migrated_store(const config::Settings& settings);

// Print what went wrong. Return exit code 1.
int fail(const std::string& problem);
int report(const StoreFailure& failure);

// Prints which argument or setting is invalid. Returns exit code 2.
int refuse(const std::string& problem);

}  // namespace ubiety::program
