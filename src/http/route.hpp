// The routes: which path is which, and what each takes. Known to whoever has to name a route, too: metrics, traces and
// the log call it by its template, so that a path that somebody thought up makes no name of its own.
#pragma once

#include <string_view>

#include "http/message/method.hpp"

namespace ubiety::http {

enum class Route {
  root,
  status,
  batch,
  summary,
  device,
  history,
  health,
  health_live,
  health_ready,
  metrics,
  openapi,
  docs,
  docs_file,
  redoc,
  redoc_file,
  keys,
  key,
  key_rotation,
  unknown
};

constexpr std::string_view batch_path = "/status/batch";

struct Target {
  Route route = Route::unknown;
  std::string_view device_id{};  // still percent-encoded
  std::string_view key_id{};     // whatever stands there
};

Target target_of(std::string_view path);

// "/status/{device_id}"; "other" for a path that is none of ours.
std::string_view template_of(Route route);

// The routes below /admin, which are there only where keys are asked for.
bool is_administration(Route route);

bool takes(Route route, Method method);
// As an Allow field has them.
std::string_view methods_of(Route route);

}  // namespace ubiety::http
