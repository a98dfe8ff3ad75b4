// Logs one line for each request and its answer. The loop's thread.
#pragma once

#include "http/http1/exchange.hpp"
#include "http/message/trusted_proxies.hpp"

namespace ubiety::http {

class AccessLog final : public ExchangeObserver {
 public:
  explicit AccessLog(TrustedProxies proxies) : proxies_(std::move(proxies)) {}

  void answered(const Exchange& exchange, const AnswerSent& answer) override;

 private:
  const TrustedProxies proxies_;
};

}  // namespace ubiety::http
