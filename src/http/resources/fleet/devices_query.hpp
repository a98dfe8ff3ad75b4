// POST /status/query: the devices that a client names. The loop's thread; pure functions: any thread.
#pragma once

#include <string_view>
#include <vector>

#include "actors/requests.hpp"
#include "domain/result.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/answer.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

inline constexpr std::size_t max_named_devices = 1'000;

struct DevicesQuery {
  std::vector<DeviceId> device_ids;
  DeviceMembers members;
};

// {"device_ids":["…",…],"fields":["…",…]}; the fields may be absent or null. The error is the answer with all faults.
Result<DevicesQuery, Answer> parse_devices_query(json::ObjectReader& reader, std::string_view body);

class DevicesQueryResource {
 public:
  explicit DevicesQueryResource(Service& service);

  void post(Exchange&& exchange);

 private:
  void add_part(std::uint64_t ticket, DevicesFound&& part);

  Service& service_;
  json::ObjectReader reader_;
  Outbox<DevicesFound> parts_;
};

}  // namespace ubiety::http
