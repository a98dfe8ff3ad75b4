// Decides which traces are recorded, and records their spans. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "telemetry/tracing/span_exporter.hpp"
#include "telemetry/tracing/trace_context.hpp"

namespace ubiety::tracing {

// Combines OpenTelemetry's samplers ParentBased and TraceIdRatioBased.
struct Sampler {
  bool parent_based = true;  // the sender of a traceparent decides for its traces
  double ratio = 1;          // of the traces for which no sender decides

  bool samples(const TraceId& id, const std::optional<TraceContext>& parent) const;
};

class Tracer {
 public:
  Tracer(Sampler sampler, ExporterOptions options) : sampler_(sampler), exporter_(std::move(options)) {}

  // Returns the context of a span that begins now: in the trace of its parent, or in a new trace.
  TraceContext begin(const std::optional<TraceContext>& parent) const;

  // The trace of the span must be sampled.
  void record(Span span) { exporter_.push(std::move(span)); }

  std::uint64_t exported_spans() const { return exporter_.exported(); }
  std::uint64_t dropped_spans() const { return exporter_.dropped(); }

 private:
  const Sampler sampler_;
  SpanExporter exporter_;
};

}  // namespace ubiety::tracing
