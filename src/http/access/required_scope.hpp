// What a key must be for, by what is asked. Pure functions, any thread.
#pragma once

#include <optional>

#include "domain/api_key.hpp"
#include "http/message/method.hpp"
#include "http/route.hpp"

namespace ubiety::http {

// nullopt where no key is needed: for health checks, for metrics, which are asked for from inside, for the pages that
// say how to use one, and for what is answered without a look at anything, such as a wrong method or path. Every route
// is named here, so that a new one is not left open by accident.
inline std::optional<Scope> required_scope(Route route, Method method) {
  if (!takes(route, method)) return std::nullopt;
  switch (route) {
    case Route::status: return Scope::ingest;
    case Route::batch: return method == Method::post ? Scope::ingest : Scope::read;
    case Route::summary:
    case Route::device:
    case Route::history: return Scope::read;
    case Route::keys:
    case Route::key:
    case Route::key_rotation: return Scope::admin;
    case Route::root:
    case Route::health:
    case Route::health_live:
    case Route::health_ready:
    case Route::metrics:
    case Route::openapi:
    case Route::docs:
    case Route::docs_file:
    case Route::redoc:
    case Route::redoc_file:
    case Route::unknown: break;
  }
  return std::nullopt;
}

}  // namespace ubiety::http
