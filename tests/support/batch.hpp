// A batch of reports, as a client sends it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/http_client.hpp"

namespace ubiety::test {

// The bodies of POST /status, one a line.
std::string ndjson_of(const std::vector<std::string>& reports);
// The same as a JSON array.
std::string array_of(const std::vector<std::string>& reports);

// Posts lines, and asks what became of each.
HttpResponse post_batch(HttpClient& client, std::string_view lines);

}  // namespace ubiety::test
