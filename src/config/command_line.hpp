// What the process was asked to do: the subcommand with its arguments, and the settings. At the start, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/environment.hpp"
#include "config/settings.hpp"
#include "domain/api_key.hpp"
#include "domain/timestamp.hpp"

namespace ubiety::config {

enum class Command {
  serve,
  migrate_up,
  migrate_down,
  migrate_status,
  verify,
  export_history,
  keys_create,
  keys_list,
  keys_revoke,
  keys_rotate
};

// The arguments of `keys …`, not validated yet.
struct KeyArguments {
  std::string name;
  std::vector<std::string> scopes;
  std::string expires;  // empty for never
  KeyId id = 0;
  std::int64_t grace_seconds = default_grace.count();
};

// The arguments of `verify`.
struct VerifyArguments {
  bool repair = false;  // write latest statuses that are wrong
  std::string url;      // of the running node to compare with; empty for none
  std::string api_key;  // empty for none
  std::string ca;       // PEM; empty for the system's authorities
};

// The arguments of `export`.
struct ExportArguments {
  enum class Format { ndjson, csv };

  std::string device{};  // empty for all
  std::string prefix{};
  std::optional<Timestamp> since{};   // inclusive
  std::optional<Timestamp> before{};  // exclusive
  Format format = Format::ndjson;
};

struct Invocation {
  Command command = Command::serve;
  Settings settings{};
  KeyArguments key{};
  VerifyArguments verify{};
  ExportArguments export_history{};
  bool confirmed = false;  // migrate_down need not ask
  // Set if the settings are those of the installed service: the command then has to run as the service does.
  std::optional<Installation> installation;
  std::vector<std::string> warnings;  // for a person
  // Set if nothing is left to run: a text was printed, or one line that says what is wrong with the arguments or with a
  // setting.
  std::optional<int> exit_code;
};

// `installation` is that of this program, if a package installed it.
Invocation parse_command_line(int argc, char** argv, const std::optional<Installation>& installation);

}  // namespace ubiety::config
