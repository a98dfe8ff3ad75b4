// One thing that was done for a trace, when and for how long.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/clock.hpp"
#include "telemetry/tracing/trace_context.hpp"

namespace ubiety::tracing {

// OTLP's numbers.
enum class SpanKind { internal = 1, server = 2 };

struct Attribute {
  std::string_view name;  // a literal
  std::variant<std::string, std::int64_t> value;
};

struct Span {
  TraceContext context;         // its own
  std::uint64_t parent_id = 0;  // 0: the trace begins with it
  std::string name;
  SpanKind kind = SpanKind::internal;
  SteadyTime began, ended;
  std::vector<Attribute> attributes{};
  bool failed = false;
};

}  // namespace ubiety::tracing
