#include <gtest/gtest.h>

#include <set>

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
    // A GET of /status/batch asks for a device that is called so: it is told as one of /status/{device_id}.
    if (takes(route, Method::get) && route != Route::batch) methods.insert("get");
    if (takes(route, Method::post)) methods.insert("post");
    const auto documented = paths[template_of(route)].keys();
    EXPECT_EQ(std::set(documented.begin(), documented.end()), methods) << template_of(route);
  }
}

}  // namespace
}  // namespace ubiety::http
