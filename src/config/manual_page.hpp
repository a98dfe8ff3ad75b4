// ubietyd(8), made from what the command line declares, so that it never tells of other settings than there are. Pure.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace ubiety::config {

// As man(7) source.
std::string manual_page(const CLI::App& app);

}  // namespace ubiety::config
