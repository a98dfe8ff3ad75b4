// Reads .env files, with one NAME=VALUE a line, and other small files. Blocking; any thread.
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

}  // namespace ubiety::config
