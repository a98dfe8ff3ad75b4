// Reads a small file, such as one with settings or a key. Blocking; any thread.
#pragma once

#include <string>

#include "domain/result.hpp"

namespace ubiety::config {

// The error is errno. Unlike a stream it also reports a folder (EISDIR).
Result<std::string, int> read_file(const std::string& path);

}  // namespace ubiety::config
