#include <gtest/gtest.h>

#include <map>
#include <set>

#include "http/access/required_scope.hpp"
#include "http/route.hpp"
#include "support/json.hpp"
#include "support/repository.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::http {
namespace {

test::Json paths_of_the_document() {
  return test::Json(test::read_file(test::repository() / "src/http/openapi/openapi.json"))["paths"];
}

std::vector<Route> all_routes() {
  std::vector<Route> routes;
  for (int route = 0; route < static_cast<int>(Route::unknown); ++route) routes.push_back(static_cast<Route>(route));
  return routes;
}

// By the document's names; what is said of a HEAD and of OPTIONS is said once for all.
const std::map<std::string, Method, std::less<>> methods_of_the_document{
    {"get", Method::get}, {"post", Method::post}, {"delete", Method::delete_}};

TEST(OpenApi, HasEveryRouteAndNothingElse) {
  std::set<std::string> routes;
  for (const auto route : all_routes()) routes.emplace(template_of(route));
  const auto documented = paths_of_the_document().keys();
  EXPECT_EQ(std::set(documented.begin(), documented.end()), routes);
}

TEST(OpenApi, HasEveryMethodOfARouteAndNothingElse) {
  const auto paths = paths_of_the_document();
  for (const auto route : all_routes()) {
    std::set<std::string> methods;
    for (const auto& [name, method] : methods_of_the_document)
      if (takes(route, method)) methods.insert(name);
    // A GET of /status/batch asks for a device that is called so: it is told as one of /status/{device_id}.
    if (route == Route::batch) methods.erase("get");
    const auto documented = paths[template_of(route)].keys();
    EXPECT_EQ(std::set(documented.begin(), documented.end()), methods) << template_of(route);
  }
}

std::string security_of(std::optional<Scope> scope) {
  if (!scope) return "[]";
  const auto name = std::string(name_of(*scope));
  return R"([{"ApiKey":[")" + name + R"("]},{"Bearer":[")" + name + R"("]}])";
}

TEST(OpenApi, HasTheScopeThatEachOperationTakes) {
  const auto paths = paths_of_the_document();
  for (const auto route : all_routes()) {
    const auto path = paths[template_of(route)];
    for (const auto& name : path.keys())
      EXPECT_EQ(path[name]["security"].dump(), security_of(required_scope(route, methods_of_the_document.at(name))))
          << name << ' ' << template_of(route);
  }
}

}  // namespace
}  // namespace ubiety::http
