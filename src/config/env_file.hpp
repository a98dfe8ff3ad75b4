// .env files: NAME=VALUE a line. Pure, any thread.
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
Result<std::vector<EnvEntry>, std::string> parse_env_file(std::string_view text);

}  // namespace ubiety::config
