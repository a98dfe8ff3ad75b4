#include "config/environment.hpp"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "domain/text.hpp"

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

// Shorter names, such as HOSTS, are more likely another program's than a misspelling.
constexpr std::size_t min_certain_length = 8;  // characters
constexpr std::size_t max_edits = 2;

// Defined by OpenTelemetry, but not used here.
constexpr std::array<std::string_view, 1> names_of_others{"OTEL_BLRP_SCHEDULE_DELAY"};

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

std::size_t edit_distance(std::string_view left, std::string_view right) {
  // Row i holds the distances from the first i characters of `left` to each prefix of `right`.
  std::vector<std::size_t> before_last, last(right.size() + 1), row(right.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    std::swap(last, row);
  }
  return last.back();
}

std::optional<Misspelling> misspelling_in(std::string_view name) {
  if (std::find(names_of_others.begin(), names_of_others.end(), name) != names_of_others.end()) return std::nullopt;
  const auto given = ascii::to_upper(name);
  const bool is_long = name.size() >= min_certain_length;
  std::size_t least = (is_long ? max_edits : 1) + 1;
  std::optional<Misspelling> nearest;
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) {
      if (declaration.name == name) return std::nullopt;
      const auto distance = edit_distance(given, declaration.name);
      if (distance >= least) continue;
      least = distance;
      nearest = Misspelling{declaration.name, is_long && distance <= 1};
    }
  return nearest;
}

std::string question_about(std::string_view name, const Misspelling& misspelling) {
  return std::string(name) + " is not a setting; did you mean " + std::string(misspelling.setting) + "?";
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

void GivenSettings::declare_flags(CLI::App& app) {
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations)
      flags_[declaration.name] =
          app.add_option(flag_of(declaration.name), texts_[declaration.name], std::string(declaration.help))
              ->envname(std::string(declaration.name))
              ->type_name("(" + std::string(declaration.range) + ")")
              ->default_str(std::string(declaration.default_text))
              ->group(std::string(group.title));
}

bool GivenSettings::has(std::string_view name) const {
  return flags_.at(name)->count() != 0 || std::getenv(std::string(name).c_str()) != nullptr;
}

void GivenSettings::add_from_file(const std::map<std::string, std::string>& file) {
  for (const auto& [name, text] : file)
    if (!has(name)) texts_.at(name) = text;
}

std::optional<std::string> GivenSettings::assign_to(Settings& settings) const {
  std::optional<std::string> first_problem;
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) {
      const auto& text = texts_.at(declaration.name);
      const auto problem =
          declaration.assign(settings, text.empty() ? declaration.default_text : std::string_view(text));
      if (problem && !first_problem) first_problem = std::string(declaration.name) + ": " + *problem;
    }
  return first_problem;
}

}  // namespace ubiety::config
