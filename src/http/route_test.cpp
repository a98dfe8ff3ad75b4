#include "http/route.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

TEST(Route, IsFoundByItsPath) {
  EXPECT_EQ(target_of("/").route, Route::root);
  EXPECT_EQ(target_of("/status").route, Route::status);
  EXPECT_EQ(target_of("/status/batch").route, Route::batch);
  EXPECT_EQ(target_of("/status/summary").route, Route::summary);
  EXPECT_EQ(target_of("/status/d1").route, Route::device);
  EXPECT_EQ(target_of("/status/d1").device_id, "d1");
  EXPECT_EQ(target_of("/status/d%201/history").route, Route::history);
  EXPECT_EQ(target_of("/status/d%201/history").device_id, "d%201");
  EXPECT_EQ(target_of("/health").route, Route::health);
  EXPECT_EQ(target_of("/health/live").route, Route::health_live);
  EXPECT_EQ(target_of("/health/ready").route, Route::health_ready);
  EXPECT_EQ(target_of("/openapi.json").route, Route::openapi);
  EXPECT_EQ(target_of("/docs").route, Route::docs);
  EXPECT_EQ(target_of("/docs/start.js").route, Route::docs_file);
  EXPECT_EQ(target_of("/redoc").route, Route::redoc);
  EXPECT_EQ(target_of("/redoc/start.js").route, Route::redoc_file);
  EXPECT_EQ(target_of("/admin/keys").route, Route::keys);
  EXPECT_EQ(target_of("/admin/keys/7").route, Route::key);
  EXPECT_EQ(target_of("/admin/keys/7").key_id, "7");
  EXPECT_EQ(target_of("/admin/keys/7/rotate").route, Route::key_rotation);
  EXPECT_EQ(target_of("/admin/keys/7/rotate").key_id, "7");
}

TEST(Route, IsUnknownForAnyOtherPath) {
  for (const auto* path : {"", "//", "/statuses", "/status/", "/status//history", "/status/d/x", "/status/d/history/",
                           "/Status", "/health/", "/health/other", "/admin", "/admin/", "/admin/keys/",
                           "/admin/keys//rotate", "/admin/keys/7/", "/admin/keys/7/rotate/", "/admin/keys/7/other"})
    EXPECT_EQ(target_of(path).route, Route::unknown) << path;
}

TEST(Route, TakesTheMethodsThatItNames) {
  EXPECT_TRUE(takes(Route::batch, Method::post));
  EXPECT_TRUE(takes(Route::batch, Method::get));  // of a device called "batch"
  EXPECT_FALSE(takes(Route::status, Method::get));
  EXPECT_FALSE(takes(Route::summary, Method::post));
  EXPECT_FALSE(takes(Route::unknown, Method::get));
  EXPECT_TRUE(takes(Route::key, Method::delete_));
  EXPECT_FALSE(takes(Route::device, Method::delete_));
  EXPECT_FALSE(takes(Route::key, Method::get));
  EXPECT_FALSE(takes(Route::key_rotation, Method::get));
  EXPECT_EQ(methods_of(Route::status), "POST, OPTIONS");
  EXPECT_EQ(methods_of(Route::key), "DELETE, OPTIONS");
}

TEST(Route, HasATemplateWithoutTheDevice) {
  EXPECT_EQ(template_of(target_of("/status/d1/history").route), "/status/{device_id}/history");
  EXPECT_EQ(template_of(target_of("/anything").route), "other");
}

}  // namespace
}  // namespace ubiety::http
