#include "http/route.hpp"

namespace ubiety::http {

Target target_of(std::string_view path) {
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
    case Route::unknown: break;
  }
  return "other";
}

// A device may be called "batch": GET asks for that one.
bool takes(Route route, Method method) {
  if (route == Route::unknown) return false;
  if (method == Method::post) return route == Route::status || route == Route::batch;
  return route != Route::status && (method == Method::get || method == Method::head);
}

std::string_view methods_of(Route route) {
  if (route == Route::status) return "POST, OPTIONS";
  return route == Route::batch ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
}

}  // namespace ubiety::http
