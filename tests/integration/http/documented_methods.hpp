// The methods of each path, as the service's own OpenAPI document has them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "support/http_client.hpp"

namespace ubiety::test {

using Methods = std::set<std::string>;

// By path template. With what holds for all and the document says once: OPTIONS, and HEAD beside GET. With what is of a
// device that is called "batch".
std::map<std::string, Methods> documented_methods(HttpClient& client);

// A path template with each parameter replaced by its value.
std::string replaced(std::string path, const std::map<std::string, std::string>& values);

// Of a field such as Allow.
Methods methods_in(std::string_view list);

}  // namespace ubiety::test
