// Records each request when it is answered: a line of the access log, a span of its trace. The loop's
// thread.
#pragma once

#include "actors/parcel.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/header_fields.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety::http {

class AccessLog final : public ExchangeObserver {
 public:
  explicit AccessLog(TrustedProxies proxies) : proxies_(std::move(proxies)) {}

  void answered(const Exchange& exchange, const AnswerSent& answer) override;

 private:
  const TrustedProxies proxies_;
};

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

// The trace for a parcel of the request, which is about to be submitted. Returns nullptr if the request is not traced.
std::unique_ptr<const UpdateTrace> update_trace_of(const Exchange& exchange);

}  // namespace ubiety::http
