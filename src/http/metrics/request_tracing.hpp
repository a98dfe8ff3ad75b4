// Begins a span with each request, and ends it with the answer. The loop's thread.
#pragma once

#include "actors/update_trace.hpp"
#include "http/http1/exchange.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety::http {

class RequestTracing final : public ExchangeObserver {
 public:
  // The tracer outlives it.
  explicit RequestTracing(tracing::Tracer& tracer) : tracer_(tracer) {}

  // Before it is routed: continues the client's trace, or begins one. The answer tells the client which.
  void begin(Exchange& exchange) const;

  void answered(const Exchange& exchange, const AnswerSent& answer) override;

 private:
  tracing::Tracer& tracer_;
};

// For updates of the request that are about to be submitted; nullptr when it is not traced.
UpdateTracePointer update_trace_of(const Exchange& exchange);

}  // namespace ubiety::http
