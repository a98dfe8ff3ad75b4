// The span of a request that is traced. The loop's thread.
#pragma once

#include <cstdint>

#include "telemetry/tracing/tracer.hpp"

namespace ubiety::http {

struct RequestTrace {
  tracing::Tracer& tracer;
  tracing::TraceContext context;
  std::uint64_t parent_id;  // 0: the trace begins with it
};

}  // namespace ubiety::http
