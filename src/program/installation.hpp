// The packaged service, for an administrator's commands. At the start, one thread.
#pragma once

#include <optional>
#include <string>

#include "config/environment.hpp"

namespace ubiety::program {

// As deploy/systemd/ubietyd.service and cmake/Packaging.cmake have it; nullopt for a program that no package installed,
// such as one that runs from its build folder.
std::optional<config::Installation> installation_of_this_program();

// Goes to the service's folder and, as root, becomes the user who owns it: files that the command makes then belong to
// the service, and PostgreSQL's peer authentication sees the service's user. Returns what went wrong, for a person.
std::optional<std::string> run_as_service(const config::Installation& installation);

}  // namespace ubiety::program
