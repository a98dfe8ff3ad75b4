// SQL past the service, in the database that it has by its settings, whichever of the two stores that is. Blocking.
#pragma once

#include <optional>
#include <string>

#include "support/service_process.hpp"

namespace ubiety::test {

// Runs one statement; gives the first column of the first row, if there is one. Throws what the database objects to.
std::optional<std::string> execute_in_store_of(ServiceProcess& service, const std::string& sql);

}  // namespace ubiety::test
