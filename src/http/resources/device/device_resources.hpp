// What a device reports, and its latest status. The loop's thread.
#pragma once

#include <optional>

#include "http/http1/exchange.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

// POST /status: accepts a device's report.
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

// GET /status/{device_id}: the latest status of a device.
class LatestResource {
 public:
  explicit LatestResource(Service& service);

  void get(Exchange&& exchange, DeviceId device_id);

 private:
  void answer(std::uint64_t ticket, const std::optional<DeviceDetails>& details);

  Service& service_;
  Outbox<std::optional<DeviceDetails>> outcomes_;
};

}  // namespace ubiety::http
