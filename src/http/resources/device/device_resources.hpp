// What a device reports, and what clients ask about one device; the query of its history. The loop's thread, except
// where stated.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/answer.hpp"
#include "http/outbox.hpp"
#include "http/service.hpp"
#include "json/reader.hpp"
#include "storage/store.hpp"

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
  void answer(std::uint64_t ticket, const std::optional<Status>& status);

  Service& service_;
  Outbox<std::optional<Status>> outcomes_;
};

// GET /status/{device_id}/history: what a device reported, newest first.
class HistoryResource {
 public:
  explicit HistoryResource(Service& service);

  void get(Exchange&& exchange, DeviceId device_id);

 private:
  void answer(std::uint64_t ticket, HistoryOutcome&& outcome);

  Service& service_;
  Outbox<HistoryOutcome> outcomes_;
};

// -- the query of a history: from the target's parameters to the store's query, and to the link of the next page. In
// history_query.cpp. Pure functions, any thread --

// Reads limit (1 to 1000), since, before and cursor. The error is the 400 to answer.
Result<HistoryQuery, Answer> parse_history_query(DeviceId device_id, std::string_view query);

// The page after the one that ends with `last`, relative to that one's URL (RFC 3986, 4.2), since a proxy may have put
// the service below a path of its own.
std::string next_page_reference(const HistoryQuery& query, const Status& last);

// The opaque cursor of the next page: the last record of the page before, in 40 hexadecimal digits. docs/FORMATS.md
// describes it.
std::string encode_cursor(const Status& record);

// Returns nullopt for anything that encode_cursor did not write.
std::optional<Status> decode_cursor(std::string_view text);

}  // namespace ubiety::http
