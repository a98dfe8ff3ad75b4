// Reads back all that the service has stored of a device. Blocks; one thread.
#pragma once

#include <string>
#include <vector>

#include "support/http_client.hpp"

namespace ubiety::test {

// Returns all records of the history as JSON, newest first; none if the device is unknown.
std::vector<std::string> history_of(HttpClient& client, const std::string& device);

// Returns the latest status as a history record, without id and last_updated; empty if the device is unknown.
std::string latest_of(HttpClient& client, const std::string& device);

}  // namespace ubiety::test
