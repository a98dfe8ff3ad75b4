#include "config/given_settings.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>

#include "config/settings_text.hpp"

namespace ubiety::config {

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
