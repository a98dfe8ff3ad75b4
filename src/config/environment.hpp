// Where the settings come from: flags, the environment and an env file, in this order of precedence; and which names in
// the environment or the file look like misspelt settings. At the start, one thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "domain/result.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace ubiety::config {

// -- env files, with one NAME=VALUE a line: env_file.cpp. Blocking; any thread --

struct EnvEntry {
  std::string name;
  std::string value;
};

// Accepts blank lines, `# comments` and `export NAME=VALUE`. Values may be in single quotes (taken literally) or in
// double quotes (with \n, \t, \" and \\). A comment after a value begins with a `#` that follows a space. An unquoted
// value keeps quotes in its middle, so that JSON lists need no quotes around them. The text is UTF-8, with or without a
// byte order mark. The error names the line.
Result<std::vector<EnvEntry>, std::string> parse_env_file(std::string_view text);

enum class AbsentFile { is_empty, is_an_error };

// Reads and parses a file. Every error names the file. A file that exists but cannot be read is always an error.
Result<std::vector<EnvEntry>, std::string> read_env_file(const std::string& path, AbsentFile absent);

// Reads a whole file. The error is errno; unlike a stream, it also reports a directory (EISDIR).
Result<std::string, int> read_file(const std::string& path);

// -- the settings in the environment and in a file --

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

// The smallest number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other
// (Damerau–Levenshtein, optimal string alignment).
std::size_t edit_distance(std::string_view left, std::string_view right);

struct Misspelling {
  std::string_view setting;  // what was probably meant
  bool is_certain;           // the name is long and similar enough to be nothing else
};

// Returns the setting that `name` misspells. If a misspelt ENABLE_AUTH were ignored, the service would be open to all.
// Returns nullopt for the name of a setting, and for a name that is similar to none. Ignores the case of letters, as
// pydantic does.
std::optional<Misspelling> misspelling_in(std::string_view name);

// For a person: "ENABLE_AUHT is not a setting; did you mean ENABLE_AUTH?"
std::string question_about(std::string_view name, const Misspelling& misspelling);

// Looks for misspelt settings among the environment variables. Returns warnings for a person; an error if a name can
// only be a misspelt setting.
Result<std::vector<std::string>, std::string> check_environment(const char* const* variables);

// The settings as they were given: the text of each.
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
