#include "json/record_writer.hpp"

#include "json/csv.hpp"
#include "json/writer.hpp"

namespace ubiety::json {
namespace {

constexpr std::string_view csv_header = "device_id,timestamp,battery_level,rssi,online,created_at";

void append_json(std::string& out, std::string_view device_id, const Status& status) {
  append_object(out, [&](Object& object) {
    object.member("device_id", device_id);
    object.member("timestamp", status.timestamp);
    object.member("battery_level", status.battery_level);
    object.member("rssi", status.rssi);
    object.member("online", status.online);
    object.member("created_at", status.received);
  });
}

}  // namespace

void RecordWriter::append_header(std::string& out) const {
  if (format_ == Format::csv) out.append(csv_header).append(csv_line_break_);
}

void RecordWriter::append(std::string& out, std::string_view device_id, const Status& status) const {
  if (format_ == Format::csv)
    return CsvWriter(out, csv_line_break_)
        .line(device_id, status.timestamp, status.battery_level, status.rssi, status.online, status.received);
  append_json(out, device_id, status);
  out += '\n';
}

}  // namespace ubiety::json
