// The settings as they were given: the text of each, from a flag, the environment or an env file, in this order of
// precedence. At the start, one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ubiety::config {

class GivenSettings {
 public:
  // Declares a flag for each setting. Parsing the command line then takes the text from the flag, or else from the
  // environment. This object must outlive the parsing.
  void declare_flags(CLI::App& app);

  // Whether a flag or the environment names the setting, even with an empty text.
  bool has(std::string_view name) const;

  // Takes from the file the settings that neither a flag nor the environment names.
  void add_from_file(const std::map<std::string, std::string>& file);

  // Stores the values in `settings`, and the defaults of what was not given. Returns what is wrong with the first
  // invalid text, for a person; nullopt if all are valid.
  std::optional<std::string> assign_to(Settings& settings) const;

 private:
  std::map<std::string_view, std::string> texts_;
  std::map<std::string_view, const CLI::Option*> flags_;
};

}  // namespace ubiety::config
