// POST /status/batch: takes many reports in one request. The loop's thread.
#pragma once

#include <deque>
#include <memory>

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/batch_reader.hpp"

namespace ubiety::http {

class BatchResource {
 public:
  explicit BatchResource(Service& service);

  void post(Exchange&& exchange);

 private:
  void work();
  // One step of the batch that is taken in; true when it is through.
  bool advance(const PendingExchanges::Opened& opened);
  void hand_over(const PendingExchanges::Opened& opened, std::vector<std::shared_ptr<UpdateGroup>> groups);
  void settle(std::uint64_t ticket, std::shared_ptr<UpdateGroup>&& group);
  void answer_if_complete(std::uint64_t ticket);
  void refuse(std::uint64_t ticket, Answer answer);

  Service& service_;
  json::BatchReader reader_;
  std::deque<PendingExchanges::Opened> waiting_;  // to be taken in, one after the other
  Outbox<std::shared_ptr<UpdateGroup>> outcomes_;
};

}  // namespace ubiety::http
