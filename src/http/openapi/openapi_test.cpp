#include <gtest/gtest.h>

#include <map>
#include <set>

#include "http/routes.hpp"
#include "support/gunzip.hpp"
#include "support/json.hpp"

namespace ubiety::http {
namespace {

test::Json paths_of_the_document() {
  return test::Json(test::gunzip(static_file_at("/openapi.json")->gzipped).value())["paths"];
}

// By the document's names. HEAD and OPTIONS are described once for all routes.
const std::map<std::string, Method, std::less<>> methods_of_the_document{
    {"get", Method::get}, {"post", Method::post}, {"put", Method::put}, {"delete", Method::delete_}};

TEST(OpenApi, has_every_route_and_nothing_else) {
  std::set<std::string> templates;
  for (const auto& route : routes()) templates.emplace(route.path_template());
  const auto documented = paths_of_the_document().keys();
  EXPECT_EQ(std::set(documented.begin(), documented.end()), templates);
}

TEST(OpenApi, has_every_method_of_a_route_and_nothing_else) {
  const auto paths = paths_of_the_document();
  for (const auto& route : routes()) {
    std::set<std::string> methods;
    for (const auto& [name, method] : methods_of_the_document)
      if (route.takes(method)) methods.insert(name);
    // These methods are about devices called "batch" and "query": /status/{device_id} documents them.
    if (route.path_template() == batch_path || route.path_template() == "/status/query")
      for (const auto* name : {"get", "delete"}) methods.erase(name);
    const auto documented = paths[route.path_template()].keys();
    EXPECT_EQ(std::set(documented.begin(), documented.end()), methods) << route.path_template();
  }
}

std::string security_of(std::optional<Scope> scope) {
  if (!scope) return "[]";
  const auto name = std::string(name_of(*scope));
  return R"([{"ApiKey":[")" + name + R"("]},{"Bearer":[")" + name + R"("]}])";
}

TEST(OpenApi, has_the_scope_that_each_operation_needs) {
  const auto paths = paths_of_the_document();
  for (const auto& route : routes()) {
    const auto path = paths[route.path_template()];
    for (const auto& name : path.keys())
      EXPECT_EQ(path[name]["security"].dump(), security_of(route.operation(methods_of_the_document.at(name))->scope))
          << name << ' ' << route.path_template();
  }
}

}  // namespace
}  // namespace ubiety::http
