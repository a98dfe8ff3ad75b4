#include "telemetry/tracing/sampler.hpp"

namespace ubiety::tracing {

// By the trace's id, so that all services which see the trace decide alike.
bool Sampler::samples(const TraceId& id, const std::optional<TraceContext>& parent) const {
  if (parent_based && parent) return parent->sampled;
  constexpr double ids = 9223372036854775808.0;  // 2^63: the last 63 bits are looked at
  if (ratio >= 1) return true;
  return static_cast<double>(id.low >> 1) < ratio * ids;
}

}  // namespace ubiety::tracing
