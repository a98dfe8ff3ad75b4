// Spans, and the body of an OTLP/HTTP request in JSON that carries them to a collector:
// https://opentelemetry.io/docs/specs/otlp/. Pure functions, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/clock.hpp"
#include "telemetry/tracing/trace_context.hpp"

namespace ubiety::tracing {

enum class SpanKind { internal = 1, server = 2 };  // OTLP's numbers

struct Attribute {
  std::string_view name;  // a literal
  std::variant<std::string, std::int64_t> value;
};

// One piece of work in a trace: what was done, and when.
struct Span {
  TraceContext context;         // its own
  std::uint64_t parent_id = 0;  // 0 if it begins the trace
  std::string name;
  SpanKind kind = SpanKind::internal;
  SteadyTime began, ended;
  std::vector<Attribute> attributes{};
  bool failed = false;
};

// The service that the spans come from.
struct Resource {
  std::string service_name;
  std::string service_version;
};

// `epoch` is the time of day at which the steady clock was 0.
std::string otlp_json(const Resource& resource, std::span<const Span> spans, std::chrono::nanoseconds epoch);

}  // namespace ubiety::tracing
