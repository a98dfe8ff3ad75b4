// Decides which traces are recorded, and records their spans. Any thread.
#pragma once

#include <optional>
#include <utility>

#include "telemetry/tracing/sampler.hpp"
#include "telemetry/tracing/span_exporter.hpp"

namespace ubiety::tracing {

class Tracer {
 public:
  Tracer(Sampler sampler, ExporterOptions options) : sampler_(sampler), exporter_(std::move(options)) {}

  // The context of a span that is beginning: in its parent's trace, or in a new one.
  TraceContext begin(const std::optional<TraceContext>& parent) const {
    const auto trace_id = parent ? parent->trace_id : random_trace_id();
    return {trace_id, random_span_id(), sampler_.samples(trace_id, parent)};
  }

  // Of a trace that is sampled.
  void record(Span span) { exporter_.push(std::move(span)); }

  std::uint64_t exported_spans() const { return exporter_.exported(); }
  std::uint64_t dropped_spans() const { return exporter_.dropped(); }

 private:
  const Sampler sampler_;
  SpanExporter exporter_;
};

}  // namespace ubiety::tracing
