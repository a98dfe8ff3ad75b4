#include "telemetry/tracing/tracer.hpp"

namespace ubiety::tracing {

// By the id of the trace, so that all services of a trace decide alike.
bool Sampler::samples(const TraceId& id, const std::optional<TraceContext>& parent) const {
  if (parent_based && parent) return parent->sampled;
  if (ratio >= 1) return true;
  constexpr double ids = 9223372036854775808.0;  // 2^63: the decision is made by 63 bits
  return static_cast<double>(id.low >> 1) < ratio * ids;
}

TraceContext Tracer::begin(const std::optional<TraceContext>& parent) const {
  const auto trace_id = parent ? parent->trace_id : random_trace_id();
  return {trace_id, random_span_id(), sampler_.samples(trace_id, parent)};
}

}  // namespace ubiety::tracing
