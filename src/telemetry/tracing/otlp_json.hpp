// Spans as the body of an OTLP/HTTP request in JSON: https://opentelemetry.io/docs/specs/otlp/. Pure, any thread.
#pragma once

#include <chrono>
#include <span>
#include <string>

#include "telemetry/tracing/span.hpp"

namespace ubiety::tracing {

// What the spans come from.
struct Resource {
  std::string service_name;
  std::string service_version;
};

// `epoch`: the time of day at which the steady clock was 0.
std::string otlp_json(const Resource& resource, std::span<const Span> spans, std::chrono::nanoseconds epoch);

}  // namespace ubiety::tracing
