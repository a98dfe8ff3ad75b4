// The service as a package installs it, whose store the administrator's commands use. At the start, one thread.
#pragma once

#include <optional>
#include <string>

#include "config/environment.hpp"

namespace ubiety::program {

// The paths are those of deploy/systemd/ubietyd.service and cmake/Packaging.cmake. nullopt if no package installed this
// program, for example if it runs from its build folder.
std::optional<config::Installation> installation_of_this_program();

// Changes to the service's directory. As root, also changes to the user who owns it: files that the command creates
// then belong to the service, and PostgreSQL's peer authentication sees the service's user. Returns what went wrong,
// for a person.
std::optional<std::string> run_as_service(const config::Installation& installation);

}  // namespace ubiety::program
