// GET /status/{device_id}/history: what a device reported, newest first, as a page of JSON, in buckets, or as lines of
// CSV or NDJSON. The loop's thread.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/resources/device/history_lines.hpp"
#include "http/service.hpp"

namespace ubiety::http {

class HistoryResource {
 public:
  explicit HistoryResource(Service& service);

  void get(Exchange&& exchange, DeviceId device_id);

 private:
  void read(PendingExchange&& pending, const HistoryRequest& request);
  void answer(std::uint64_t ticket, HistoryOutcome&& outcome);
  void answer_page(PendingExchange&& pending, const HistoryPage& page);
  // Answers with the page's lines, or with more pages behind them.
  void answer_lines(PendingExchange&& pending, const HistoryPage& page);
  // Sends the page's lines, and reads the next page once the client has taken them.
  void send_lines(PendingExchange&& pending, std::string lines);
  void go_on(std::uint64_t number, bool is_sent);

  Service& service_;
  Outbox<HistoryOutcome> outcomes_;
  std::unordered_map<std::uint64_t, PendingExchange> sending_;  // whose clients take a page
  std::uint64_t last_number_ = 0;                               // of them
};

}  // namespace ubiety::http
