// POST /status/batch: accepts many reports in one request. The loop's thread.
#pragma once

#include <deque>
#include <memory>

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

class BatchResource {
 public:
  explicit BatchResource(Service& service);

  void post(Exchange&& exchange);

 private:
  void work();
  // Does one step of the intake. Returns true when the intake is over.
  bool advance(const PendingExchanges::Opened& opened);
  void submit(const PendingExchanges::Opened& opened, Parcels parcels);
  void take_back(std::uint64_t ticket, ParcelPointer&& parcel);
  void answer_if_complete(std::uint64_t ticket);
  void refuse(std::uint64_t ticket, Answer answer);

  Service& service_;
  json::BatchReader reader_;
  std::deque<PendingExchanges::Opened> waiting_;  // for their intake, one after the other
  Outbox<ParcelPointer> parcels_;
};

}  // namespace ubiety::http
