// What becomes of a request in whose handling something throws. The loop's thread.
#pragma once

#include <exception>

#include "http/http1/exchange.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {

// Runs `handle(exchange)`, which may move the exchange on. When it throws, the exchange is answered 500, with the id
// and the fields that it had by then. One that was moved on waits for an actor: that, or its deadline, answers it.
template <class Handle>
void handle_guarded(Exchange exchange, Handle handle) {
  try {
    handle(exchange);
  } catch (const std::exception& error) {
    log::error("a request failed", {{"reason", error.what()}, {"request_id", exchange.request_id()}});
    if (exchange.is_to_be_answered()) exchange.answer(detail_answer(500, "Internal Server Error"));
  }
}

}  // namespace ubiety::http
