#include "http/resources/device/history_body.hpp"

#include <chrono>

#include "http/resources/device_status.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

double ratio(std::int64_t sum, std::uint64_t records) {
  return static_cast<double>(sum) / static_cast<double>(records);
}

void append_extent(json::Object& bucket, std::string_view name, const HistoryBuckets::Extent& extent,
                   std::uint64_t records) {
  bucket.object(name, [&](json::Object& values) {
    values.member("min", extent.min);
    values.member("max", extent.max);
    values.member("mean", ratio(extent.sum, records));
  });
}

void append_bucket(json::Object& out, const HistoryBuckets::Bucket& bucket) {
  out.member("from", bucket.from);
  out.member("records", bucket.records);
  if (bucket.records == 0) {
    for (const std::string_view name : {"battery_level", "rssi", "online"}) out.begin_member(name) += "null";
    return;
  }
  append_extent(out, "battery_level", bucket.battery_level, bucket.records);
  append_extent(out, "rssi", bucket.rssi, bucket.records);
  out.member("online", ratio(static_cast<std::int64_t>(bucket.online), bucket.records));
}

}  // namespace

std::string page_body(std::string_view device_id, const HistoryPage& page) {
  std::string body;
  body.reserve(128 + 96 * page.records.size());
  json::append_object(body, [&](json::Object& object) {
    object.member("device_id", device_id);
    object.array("history", [&page](json::Array& list) {
      for (const auto& record : page.records) append_record(list.begin_element(), record);
    });
    object.member("total_records", page.total_records);
    object.member("has_more", page.has_more);
  });
  return body;
}

std::string buckets_body(std::string_view device_id, const HistoryBuckets& buckets) {
  const auto& span = buckets.span();
  const std::chrono::duration<double> width = span.to - span.from;
  std::string body;
  body.reserve(256 + 176 * buckets.buckets().size());
  json::append_object(body, [&](json::Object& object) {
    object.member("device_id", device_id);
    object.member("from", span.from);
    object.member("to", span.to);
    object.member("bucket_seconds", width.count() / static_cast<double>(span.count));
    object.array("buckets", [&](json::Array& list) {
      for (const auto& bucket : buckets.buckets())
        list.object([&](json::Object& each) { append_bucket(each, bucket); });
    });
  });
  return body;
}

}  // namespace ubiety::http
