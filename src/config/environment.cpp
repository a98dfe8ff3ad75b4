#include "config/environment.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "config/misspelling.hpp"
#include "config/settings.hpp"

namespace ubiety::config {
namespace {

constexpr const char* default_env_file = ".env";

bool exists(const char* path) { return ::access(path, F_OK) == 0; }

bool is_setting(std::string_view name) {
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations)
      if (declaration.name == name) return true;
  return false;
}

}  // namespace

EnvFile choose_env_file(const std::optional<std::string>& explicit_path, bool serves, bool names_store,
                        const std::optional<Installation>& installation) {
  if (explicit_path) return {*explicit_path, AbsentFile::is_an_error, false};
  if (installation && !serves && !names_store && !exists(default_env_file) && exists(installation->env_file.c_str()))
    return {installation->env_file, AbsentFile::is_an_error, true};
  return {default_env_file, AbsentFile::is_empty, false};
}

Result<std::map<std::string, std::string>, std::string> settings_in(const EnvFile& file) {
  auto entries = read_env_file(file.path, file.absent);
  if (!entries && file.is_of_service)
    return Failure{entries.error() + "; run the command as root or as the service's user, or set DATABASE_URL"};
  if (!entries) return Failure{entries.error()};
  std::map<std::string, std::string> settings;
  for (auto& [name, value] : *entries) {
    if (is_setting(name)) {
      settings[name] = std::move(value);
      continue;
    }
    const auto misspelling = misspelling_in(name);
    if (file.is_of_service && !(misspelling && misspelling->is_certain)) {
      ::setenv(name.c_str(), value.c_str(), 0);
      continue;
    }
    return Failure{file.path + ": " + (misspelling ? question_about(name, *misspelling) : "unknown setting " + name)};
  }
  return settings;
}

Result<std::vector<std::string>, std::string> check_environment(const char* const* variables) {
  std::vector<std::string> warnings;
  for (; *variables != nullptr; ++variables) {
    const std::string_view variable(*variables);
    const auto name = variable.substr(0, variable.find('='));
    const auto misspelling = misspelling_in(name);
    if (!misspelling) continue;
    auto question = question_about(name, *misspelling);
    if (misspelling->is_certain) return Failure{"in the environment, " + question};
    warnings.push_back("in the environment, " + question);
  }
  return warnings;
}

}  // namespace ubiety::config
