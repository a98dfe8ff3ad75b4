// A batch of reports, as a client sends it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/http_client.hpp"

namespace ubiety::test {

// Joins bodies of POST /status, one on each line.
std::string ndjson_of(const std::vector<std::string>& reports);
// Joins them into a JSON array.
std::string array_of(const std::vector<std::string>& reports);

// Posts lines, and requests the outcome of each.
HttpResponse post_batch(HttpClient& client, std::string_view lines);

}  // namespace ubiety::test
