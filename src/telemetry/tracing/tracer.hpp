// Decides which traces are recorded, and sends their spans to a collector. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "domain/thread_safety.hpp"
#include "telemetry/tracing/span.hpp"

namespace ubiety::tracing {

struct CollectorOptions {
  std::string url;
  std::string headers;  // "name=value,name=value", percent-encoded
  std::chrono::milliseconds timeout{10'000};
};

struct ExporterOptions {
  CollectorOptions collector;
  Resource resource;
  std::chrono::milliseconds delay{5'000};  // between two requests; less if there are many spans
  std::size_t max_waiting = 8'192;         // spans
};

// Sends finished spans to a collector without blocking the caller: a bounded queue, and a thread that posts from it.
// Spans that do not fit, or that the collector does not accept, are dropped and counted.
class SpanExporter {
 public:
  // Starts the thread. Throws std::runtime_error if libcurl cannot be initialised.
  explicit SpanExporter(ExporterOptions options);
  // Sends the waiting spans, for at most a second.
  ~SpanExporter();
  SpanExporter(const SpanExporter&) = delete;
  SpanExporter& operator=(const SpanExporter&) = delete;

  // Never waits for the collector.
  void push(Span span);

  std::uint64_t exported() const { return exported_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  class Collector;

  void export_until(const std::stop_token& stopping);
  void send(const std::vector<Span>& spans);
  void note_outcome(std::size_t spans, const std::optional<std::string>& problem);

  const ExporterOptions options_;

  // The exporting thread's.
  const std::unique_ptr<Collector> collector_;
  bool collector_accepts_ = true;

  Mutex mutex_;
  ConditionVariable arrived_;
  std::vector<Span> waiting_ GUARDED_BY(mutex_);

  std::atomic<std::uint64_t> exported_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::jthread thread_;
};

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
