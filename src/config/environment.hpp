// Where settings come from that no flag names: the environment, and an env file. At the start, before there are
// threads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/env_file.hpp"
#include "domain/result.hpp"

namespace ubiety::config {

// Where a package keeps the service's settings and data. An administrator's commands use them too, so that
// `ubietyd keys list` shows the service's keys from any folder.
struct Installation {
  std::string env_file;
  std::string working_directory;  // of the service; relative paths in the settings start here
};

struct EnvFile {
  std::string path;
  AbsentFile absent;
  bool is_of_service;  // systemd reads it too, so it may set variables that are no settings
};

// The first of these: the file of --env-file; .env in the working directory; the installed service's. A command that
// `serves`, or that `names_store`, does not take the service's.
EnvFile choose_env_file(const std::optional<std::string>& explicit_path, bool serves, bool names_store,
                        const std::optional<Installation>& installation);

// The settings in the file; of a name that occurs twice the last value, as systemd has it. Other variables of the
// service's file are put into the environment. The error is for a person.
Result<std::map<std::string, std::string>, std::string> settings_in(const EnvFile& file);

// Looks for misspelt settings among the process's variables. Returns warnings; the error is a name that can only be a
// misspelt setting.
Result<std::vector<std::string>, std::string> check_environment(const char* const* variables);

}  // namespace ubiety::config
