#include "http/access/required_scope.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

constexpr std::array all_methods{Method::get,     Method::head,    Method::post,
                                 Method::delete_, Method::options, Method::other};

std::optional<Scope> scope_of(std::string_view path, Method method) {
  return required_scope(target_of(path).route, method);
}

TEST(RequiredScope, IsWhatTheDocumentationSays) {
  EXPECT_EQ(scope_of("/status", Method::post), Scope::ingest);
  EXPECT_EQ(scope_of("/status/batch", Method::post), Scope::ingest);
  EXPECT_EQ(scope_of("/status/batch", Method::get), Scope::read);
  for (const auto method : {Method::get, Method::head})
    for (const auto* path : {"/status/summary", "/status/d", "/status/d/history"})
      EXPECT_EQ(scope_of(path, method), Scope::read) << path;
  EXPECT_EQ(scope_of("/admin/keys", Method::get), Scope::admin);
  EXPECT_EQ(scope_of("/admin/keys", Method::post), Scope::admin);
  EXPECT_EQ(scope_of("/admin/keys/7", Method::delete_), Scope::admin);
  EXPECT_EQ(scope_of("/admin/keys/7/rotate", Method::post), Scope::admin);
}

TEST(RequiredScope, IsNoneForHealthMetricsAndWhatIsNotThere) {
  for (const auto* path : {"/health", "/health/live", "/health/ready", "/metrics", "/nowhere", "/admin"})
    for (const auto method : all_methods) EXPECT_EQ(scope_of(path, method), std::nullopt) << path;
}

// Whatever a resource would answer, but 404 and 405.
TEST(RequiredScope, IsAskedForByEveryOtherRouteThatTakesTheMethod) {
  for (const auto* path : {"/status", "/status/batch", "/status/summary", "/status/d", "/status/d/history",
                           "/admin/keys", "/admin/keys/7", "/admin/keys/7/rotate"})
    for (const auto method : all_methods)
      EXPECT_EQ(scope_of(path, method).has_value(), takes(target_of(path).route, method)) << path;
}

}  // namespace
}  // namespace ubiety::http
