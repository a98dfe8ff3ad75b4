// What the process was asked to do: the subcommand, and the settings from flags, the environment and an env file, in
// this order of precedence. At the start, before there are threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/environment.hpp"
#include "config/key_arguments.hpp"
#include "config/settings.hpp"
#include "config/verify_arguments.hpp"

namespace ubiety::config {

enum class Command {
  serve,
  migrate_up,
  migrate_down,
  migrate_status,
  verify,
  keys_create,
  keys_list,
  keys_revoke,
  keys_rotate
};

struct Invocation {
  Command command = Command::serve;
  Settings settings{};
  KeyArguments key{};      // of keys_…
  VerifyArguments verify;  // of verify
  bool confirmed = false;  // migrate_down need not ask
  // Set when the settings are the installed service's: the command is to run as the service does.
  std::optional<Installation> installation;
  std::vector<std::string> warnings;  // for a person
  // Set when there is nothing left to run: help was shown, or the command line or a setting was wrong, which has been
  // printed in one line.
  std::optional<int> exit_code;
};

// `installation` is that of this program, if a package installed it.
Invocation parse_command_line(int argc, char** argv, const std::optional<Installation>& installation);

// The texts that are made from the declarations.
std::string env_example();
std::string settings_table();

}  // namespace ubiety::config
