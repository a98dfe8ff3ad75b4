// Which traces are recorded, as OpenTelemetry's samplers of these names decide it. Pure, any thread.
#pragma once

#include <optional>

#include "telemetry/tracing/trace_context.hpp"

namespace ubiety::tracing {

struct Sampler {
  bool parent_based = true;  // whoever sends a traceparent has decided already
  double ratio = 1;          // of the traces that are decided here

  bool samples(const TraceId& id, const std::optional<TraceContext>& parent) const;
};

}  // namespace ubiety::tracing
