// POST /status: accepts a device's report. The loop's thread.
#pragma once

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

class UpdateResource {
 public:
  explicit UpdateResource(Service& service);

  void post(Exchange&& exchange);

 private:
  void answer(std::uint64_t ticket, const Parcel& parcel);

  Service& service_;
  json::ReportReader reader_;
  Outbox<ParcelPointer> parcels_;
};

}  // namespace ubiety::http
