// Runs SQL in the database of a service, without the service, on either kind of store. Blocks; one thread.
#pragma once

#include <optional>
#include <string>

#include "support/service_process.hpp"

namespace ubiety::test {

// Runs one statement. Returns the first column of the first row, if there is one. Throws the database's errors.
std::optional<std::string> execute_in_store_of(ServiceProcess& service, const std::string& sql);

}  // namespace ubiety::test
