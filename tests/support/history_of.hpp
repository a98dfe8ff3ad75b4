// Reads back all that the service has of a device.
#pragma once

#include <string>
#include <vector>

#include "support/http_client.hpp"

namespace ubiety::test {

// Every record of its history, newest first, each as its JSON; none if the device is unknown.
std::vector<std::string> history_of(HttpClient& client, const std::string& device);

// Its latest status as a history record, without its id and last_updated; empty if it is unknown.
std::string latest_of(HttpClient& client, const std::string& device);

}  // namespace ubiety::test
