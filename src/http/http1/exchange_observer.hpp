// Whoever wants to know of each request and what it was answered: metrics, the access log, traces. The loop's thread.
#pragma once

#include <cstddef>
#include <vector>

namespace ubiety::http {

class Exchange;

struct AnswerSent {
  int status;
  std::size_t body_bytes;  // also of a HEAD, to which they are not sent
};

class ExchangeObserver {
 public:
  virtual ~ExchangeObserver() = default;

  // Before the answer goes to the socket.
  virtual void answered(const Exchange& exchange, const AnswerSent& answer) = 0;
};

using ExchangeObservers = std::vector<ExchangeObserver*>;

}  // namespace ubiety::http
