// Which env file holds the settings that neither a flag nor the environment names, and which names in either place look
// like misspelt settings. At the start, one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/env_file.hpp"
#include "domain/result.hpp"

namespace ubiety::config {

// Where a package keeps the settings and data of the service. The administrator's commands use them too, so that
// `ubietyd keys list` lists the keys of the service from any directory.
struct Installation {
  std::string env_file;
  std::string working_directory;  // of the service; relative paths in the settings are relative to it
};

struct EnvFile {
  std::string path;
  AbsentFile absent;
  bool is_of_service;  // systemd reads it too, so it may set variables that are not settings
};

// Returns the file of --env-file, if given. Otherwise .env in the working directory, if it exists. Otherwise the file
// of the installed service, except for a command that `serves` or that `names_store`.
EnvFile choose_env_file(const std::optional<std::string>& explicit_path, bool serves, bool names_store,
                        const std::optional<Installation>& installation);

// Reads the settings in the file. If a name occurs twice, the last value counts, as it does for systemd. Other
// variables in the service's file are added to the environment. The error is for a person.
Result<std::map<std::string, std::string>, std::string> settings_in(const EnvFile& file);

// Looks for misspelt settings among the environment variables. Returns warnings for a person; an error if a name can
// only be a misspelt setting.
Result<std::vector<std::string>, std::string> check_environment(const char* const* variables);

}  // namespace ubiety::config
