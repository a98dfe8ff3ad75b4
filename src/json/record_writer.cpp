#include "json/record_writer.hpp"

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

// Quotes the text if RFC 4180 (section 2, rules 6 and 7) requires it. A device id has no line breaks.
void append_csv_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char character : text) out.append(character == '"' ? 2 : 1, character);
  out += '"';
}

void append_csv(std::string& out, std::string_view device_id, const Status& status) {
  append_csv_field(out, device_id);
  out += ',';
  out += format_timestamp(status.timestamp);
  out += ',';
  append_number(out, status.battery_level);
  out += ',';
  append_number(out, status.rssi);
  out += status.online ? ",true," : ",false,";
  out += format_timestamp(status.received);
}

}  // namespace

void RecordWriter::append_header(std::string& out) const {
  if (format_ == Format::csv) out.append(csv_header).append(csv_line_break_);
}

void RecordWriter::append(std::string& out, std::string_view device_id, const Status& status) const {
  if (format_ == Format::csv) {
    append_csv(out, device_id, status);
    out += csv_line_break_;
  } else {
    append_json(out, device_id, status);
    out += '\n';
  }
}

}  // namespace ubiety::json
