// What a shell completes behind `ubietyd`, made from what the command line declares. Pure.
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace ubiety::config {

std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);

}  // namespace ubiety::config
