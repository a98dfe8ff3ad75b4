#include "http/routes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace ubiety::http {
namespace {

constexpr std::array all_methods{Method::get,     Method::head,    Method::post, Method::put,
                                 Method::delete_, Method::options, Method::other};

std::string_view template_for(std::string_view path) { return template_of(find_route(path).route); }

std::optional<Scope> scope_of(std::string_view path, Method method) {
  const auto* route = find_route(path).route;
  const auto* operation = route == nullptr ? nullptr : route->operation(method);
  return operation == nullptr ? std::nullopt : operation->scope;
}

TEST(Routes, are_found_by_their_path) {
  for (const auto* path : {"/", "/status", "/status/batch", "/status/summary", "/health", "/health/live",
                           "/health/ready", "/metrics", "/openapi.json", "/docs", "/redoc", "/admin/keys"}) {
    EXPECT_EQ(template_for(path), path);
    EXPECT_EQ(find_route(path).parameter, "") << path;
  }
}

TEST(Routes, have_the_parameter_of_the_path) {
  struct Case {
    std::string_view path, path_template, parameter;
  };
  for (const auto& [path, path_template, parameter] : {
           Case{"/status/d1", "/status/{device_id}", "d1"},
           Case{"/status/history", "/status/{device_id}", "history"},
           Case{"/status/d%201/history", "/status/{device_id}/history", "d%201"},
           Case{"/status/batch/history", "/status/{device_id}/history", "batch"},
           Case{"/device/a%2Fb", "/device/{device_id}", "a%2Fb"},
           Case{"/assets/main-1.js", "/assets/{file}", "main-1.js"},
           Case{"/docs/start.js", "/docs/{file}", "start.js"},
           Case{"/docs/", "/docs/{file}", ""},
           Case{"/redoc/a/b", "/redoc/{file}", "a/b"},
           Case{"/admin/keys/7", "/admin/keys/{id}", "7"},
           Case{"/admin/keys/7/rotate", "/admin/keys/{id}/rotate", "7"},
       }) {
    EXPECT_EQ(template_for(path), path_template) << path;
    EXPECT_EQ(find_route(path).parameter, parameter) << path;
  }
}

TEST(Routes, are_none_for_any_other_path) {
  for (const auto* path :
       {"", "//", "*", "/statuses", "/status/", "/status//history", "/status/d/x", "/status/d/history/", "/Status",
        "/health/", "/health/other", "/admin", "/admin/", "/admin/keys/", "/admin/keys//rotate", "/admin/keys/7/",
        "/admin/keys/7/rotate/", "/admin/keys/7/other"}) {
    EXPECT_EQ(find_route(path).route, nullptr) << path;
    EXPECT_EQ(template_for(path), "other") << path;
  }
}

// Else the first would hide the second.
TEST(Routes, are_found_by_their_own_template) {
  for (const auto& route : routes())
    EXPECT_EQ(find_route(route.path_template()).route, &route) << route.path_template();
}

TEST(Routes, take_the_methods_that_they_allow) {
  EXPECT_EQ(allow_field_of(find_route("/status").route), "POST, DELETE, OPTIONS");
  // There may be devices called "batch" and "query".
  for (const auto* path : {"/status/batch", "/status/query"})
    EXPECT_EQ(allow_field_of(find_route(path).route), "GET, HEAD, POST, DELETE, OPTIONS") << path;
  EXPECT_EQ(allow_field_of(find_route("/fleet/mutes").route), "GET, HEAD, OPTIONS");
  for (const auto* path : {"/fleet/mutes/device/a", "/fleet/mutes/prefix/a"})
    EXPECT_EQ(allow_field_of(find_route(path).route), "PUT, DELETE, OPTIONS") << path;
  EXPECT_EQ(allow_field_of(find_route("/status/summary").route), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allow_field_of(find_route("/admin/keys").route), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(allow_field_of(find_route("/admin/keys/7").route), "DELETE, OPTIONS");
  EXPECT_EQ(allow_field_of(find_route("/admin/keys/7/rotate").route), "POST, OPTIONS");
  EXPECT_EQ(allow_field_of(nullptr), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allow_field_of_all_routes(), "GET, HEAD, POST, PUT, DELETE, OPTIONS");
  for (const auto& route : routes()) {
    EXPECT_EQ(route.takes(Method::head), route.takes(Method::get)) << route.path_template();
    EXPECT_FALSE(route.takes(Method::other)) << route.path_template();
    EXPECT_NE(allow_field_of(&route), "OPTIONS") << route.path_template();
  }
}

TEST(Routes, need_the_scope_that_the_documentation_says) {
  EXPECT_EQ(scope_of("/status", Method::post), Scope::ingest);
  EXPECT_EQ(scope_of("/status/batch", Method::post), Scope::ingest);
  EXPECT_EQ(scope_of("/status/batch", Method::get), Scope::read);
  EXPECT_EQ(scope_of("/status/query", Method::post), Scope::read);
  EXPECT_EQ(scope_of("/fleet/mutes", Method::get), Scope::read);
  for (const auto method : {Method::put, Method::delete_})
    for (const auto* path : {"/fleet/mutes/device/a", "/fleet/mutes/prefix/a"})
      EXPECT_EQ(scope_of(path, method), Scope::admin) << path;
  for (const auto method : {Method::get, Method::head})
    for (const auto* path : {"/status/summary", "/status/d", "/status/d/history"})
      EXPECT_EQ(scope_of(path, method), Scope::read) << path;
  EXPECT_EQ(scope_of("/admin/keys", Method::get), Scope::admin);
  EXPECT_EQ(scope_of("/admin/keys", Method::post), Scope::admin);
  EXPECT_EQ(scope_of("/admin/keys/7", Method::delete_), Scope::admin);
  EXPECT_EQ(scope_of("/admin/keys/7/rotate", Method::post), Scope::admin);
}

TEST(Routes, need_a_key_unless_they_show_nothing_of_the_fleet) {
  const std::set<std::string_view> open{"/",        "/device/{device_id}", "/assets/{file}", "/health",
                                        "/metrics", "/health/live",        "/health/ready",  "/docs",
                                        "/redoc",   "/docs/{file}",        "/redoc/{file}",  "/openapi.json"};
  for (const auto& route : routes())
    for (const auto method : all_methods)
      if (const auto* operation = route.operation(method)) {
        EXPECT_EQ(!operation->scope, open.count(route.path_template()) == 1) << route.path_template();
      }
}

TEST(Routes, are_limited_unless_they_watch_over_the_service) {
  const std::set<std::string_view> unlimited{"/health", "/health/live", "/health/ready", "/metrics"};
  for (const auto& route : routes())
    EXPECT_EQ(!route.is_limited(), unlimited.count(route.path_template()) == 1) << route.path_template();
}

TEST(Routes, below_admin_need_keys_to_be_required) {
  for (const auto& route : routes())
    EXPECT_EQ(route.is_administration(), route.path_template().starts_with("/admin/")) << route.path_template();
}

}  // namespace
}  // namespace ubiety::http
