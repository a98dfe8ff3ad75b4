#include "http/route.hpp"

namespace ubiety::http {
namespace {

// "/admin/keys/{id}" and what is below.
Target key_target_of(std::string_view below_keys) {
  const auto key_id = below_keys.substr(0, below_keys.find('/'));
  if (key_id.empty()) return {};
  const auto below = below_keys.substr(key_id.size());
  if (below.empty()) return {Route::key, {}, key_id};
  if (below == "/rotate") return {Route::key_rotation, {}, key_id};
  return {};
}

}  // namespace

Target target_of(std::string_view path) {
  if (path == "/") return {Route::root};
  if (path == "/status") return {Route::status};
  if (path == batch_path) return {Route::batch, "batch"};
  if (path == "/status/summary") return {Route::summary};
  if (path == "/health") return {Route::health};
  if (path == "/health/live") return {Route::health_live};
  if (path == "/health/ready") return {Route::health_ready};
  if (path == "/metrics") return {Route::metrics};
  if (path == "/openapi.json") return {Route::openapi};
  if (path == "/docs") return {Route::docs};
  if (path == "/redoc") return {Route::redoc};
  if (path.starts_with("/docs/")) return {Route::docs_file};
  if (path.starts_with("/redoc/")) return {Route::redoc_file};

  if (path == "/admin/keys") return {Route::keys};
  constexpr std::string_view keys = "/admin/keys/";
  if (path.starts_with(keys)) return key_target_of(path.substr(keys.size()));

  constexpr std::string_view devices = "/status/";
  if (!path.starts_with(devices)) return {};
  const auto rest = path.substr(devices.size());
  const auto device_id = rest.substr(0, rest.find('/'));
  if (device_id.empty()) return {};
  const auto below = rest.substr(device_id.size());
  if (below.empty()) return {Route::device, device_id};
  if (below == "/history") return {Route::history, device_id};
  return {};
}

std::string_view template_of(Route route) {
  switch (route) {
    case Route::root: return "/";
    case Route::status: return "/status";
    case Route::batch: return batch_path;
    case Route::summary: return "/status/summary";
    case Route::device: return "/status/{device_id}";
    case Route::history: return "/status/{device_id}/history";
    case Route::health: return "/health";
    case Route::health_live: return "/health/live";
    case Route::health_ready: return "/health/ready";
    case Route::metrics: return "/metrics";
    case Route::openapi: return "/openapi.json";
    case Route::docs: return "/docs";
    case Route::docs_file: return "/docs/{file}";
    case Route::redoc: return "/redoc";
    case Route::redoc_file: return "/redoc/{file}";
    case Route::keys: return "/admin/keys";
    case Route::key: return "/admin/keys/{id}";
    case Route::key_rotation: return "/admin/keys/{id}/rotate";
    case Route::unknown: break;
  }
  return "other";
}

bool is_administration(Route route) {
  return route == Route::keys || route == Route::key || route == Route::key_rotation;
}

// A device may be called "batch": GET asks for that one.
bool takes(Route route, Method method) {
  switch (method) {
    case Method::post:
      return route == Route::status || route == Route::batch || route == Route::keys || route == Route::key_rotation;
    case Method::delete_: return route == Route::key;
    case Method::get:
    case Method::head:
      return route != Route::status && route != Route::key && route != Route::key_rotation && route != Route::unknown;
    case Method::options:
    case Method::other: break;
  }
  return false;
}

std::string_view methods_of(Route route) {
  switch (route) {
    case Route::status:
    case Route::key_rotation: return "POST, OPTIONS";
    case Route::batch:
    case Route::keys: return "GET, HEAD, POST, OPTIONS";
    case Route::key: return "DELETE, OPTIONS";
    default: return "GET, HEAD, OPTIONS";
  }
}

}  // namespace ubiety::http
