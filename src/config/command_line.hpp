// What the process was asked to do: the subcommand, and the settings from flags, the environment and .env, in this
// order of precedence. At the start, before there are threads.
#pragma once

#include <optional>
#include <string>

#include "config/key_arguments.hpp"
#include "config/settings.hpp"

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
  std::string verify_url;  // of the running node that verify compares with; empty for none
  // Set when there is nothing to run any more: help was shown, or the command line or a setting was wrong, which
  // has been told in one line.
  std::optional<int> exit_code;
};

// Reads .env in the working directory, if there is one.
Invocation parse_command_line(int argc, char** argv);

// The texts that are made from the declarations.
std::string env_example();
std::string settings_table();

}  // namespace ubiety::config
