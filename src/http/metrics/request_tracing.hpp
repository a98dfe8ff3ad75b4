// Begins a span for each request, and ends it with the answer. The loop's thread.
#pragma once

#include "actors/update_trace.hpp"
#include "http/http1/exchange.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety::http {

class RequestTracing final : public ExchangeObserver {
 public:
  // `tracer` outlives the object.
  explicit RequestTracing(tracing::Tracer& tracer) : tracer_(tracer) {}

  // Call it before the exchange is routed. Continues the client's trace or begins one, and names it in the answer.
  void begin(Exchange& exchange) const;

  void answered(const Exchange& exchange, const AnswerSent& answer) override;

 private:
  tracing::Tracer& tracer_;
};

// For the request's updates, when they are about to be submitted; nullptr when the request is not traced.
UpdateTracePointer update_trace_of(const Exchange& exchange);

}  // namespace ubiety::http
