// Takes finished spans to a collector without making anybody wait: a bounded queue, and a thread that sends. What does
// not fit, or what the collector does not take, is dropped and counted.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <vector>

#include "domain/thread_safety.hpp"
#include "telemetry/tracing/collector.hpp"
#include "telemetry/tracing/otlp_json.hpp"

namespace ubiety::tracing {

struct ExporterOptions {
  CollectorOptions collector;
  Resource resource;
  std::chrono::milliseconds delay{5'000};  // between two sendings, when few spans come
  std::size_t most_waiting = 8'192;        // spans
};

class SpanExporter {
 public:
  explicit SpanExporter(ExporterOptions options);
  // Sends what waits, if the collector is quick.
  ~SpanExporter();
  SpanExporter(const SpanExporter&) = delete;
  SpanExporter& operator=(const SpanExporter&) = delete;

  // Any thread; never waits for the collector.
  void push(Span span);

  // Any thread.
  std::uint64_t exported() const { return exported_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  void export_until(const std::stop_token& stopping);
  void send(const std::vector<Span>& spans);
  void note_outcome(std::size_t spans, const std::optional<std::string>& problem);

  const ExporterOptions options_;
  Collector collector_;
  bool collector_takes_ = true;  // the exporting thread's

  Mutex mutex_;
  ConditionVariable came_;
  std::vector<Span> waiting_ GUARDED_BY(mutex_);

  std::atomic<std::uint64_t> exported_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::jthread thread_;
};

}  // namespace ubiety::tracing
