// .env files: NAME=VALUE a line. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/result.hpp"

namespace ubiety::config {

struct EnvEntry {
  std::string name;
  std::string value;
};

// Takes blank lines, `# comments`, `export NAME=VALUE`, values in single quotes (as they are) or double quotes (with
// \n, \t, \" and \\), and comments behind a value, from a `#` after a space. A value that is not quoted keeps quotes in
// its middle, so JSON lists can stand bare. The error names the line.
// The text is UTF-8, with or without a byte order mark.
Result<std::vector<EnvEntry>, std::string> parse_env_file(std::string_view text);

enum class AbsentFile { is_empty, is_an_error };

// Reads and parses a file. Every error names the file; one that cannot be read is an error, whatever the cause.
Result<std::vector<EnvEntry>, std::string> read_env_file(const std::string& path, AbsentFile absent);

}  // namespace ubiety::config
