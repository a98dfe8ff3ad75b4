#include "integration/http/documented_methods.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "support/json.hpp"

namespace ubiety::test {

std::map<std::string, Methods> documented_methods(HttpClient& client) {
  std::map<std::string, Methods> methods;
  const auto paths = Json(client.get("/openapi.json").body)["paths"];
  for (const auto& path : paths.keys()) {
    auto& of_path = methods[path] = {"OPTIONS"};
    for (auto method : paths[path].keys()) {
      std::transform(method.begin(), method.end(), method.begin(), [](unsigned char c) { return std::toupper(c); });
      of_path.insert(method);
    }
    if (path == "/status/batch" || path == "/status/query") of_path.insert({"GET", "DELETE"});
    if (of_path.contains("GET")) of_path.insert("HEAD");
  }
  return methods;
}

std::string replaced(std::string path, const std::map<std::string, std::string>& values) {
  for (const auto& [parameter, value] : values)
    if (const auto at = path.find(parameter); at != std::string::npos) path.replace(at, parameter.size(), value);
  return path;
}

Methods methods_in(std::string_view list) {
  std::istringstream elements{std::string(list)};
  Methods methods;
  for (std::string method; std::getline(elements >> std::ws, method, ',');) methods.insert(method);
  return methods;
}

}  // namespace ubiety::test
