#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

#include "json/writer.hpp"
#include "program/commands.hpp"

namespace ubiety::program {
namespace {

using Format = config::ExportArguments::Format;

constexpr std::size_t bytes_at_once = 64 * 1024;

void append_json(std::string& out, const StatusUpdate& record) {
  const auto& status = record.status;
  json::append_object(out, [&](json::Object& object) {
    object.member("device_id", record.device_id);
    object.member("timestamp", status.timestamp);
    object.member("battery_level", status.battery_level);
    object.member("rssi", status.rssi);
    object.member("online", status.online);
    object.member("created_at", status.received);
  });
  out += '\n';
}

constexpr std::string_view csv_header = "device_id,timestamp,battery_level,rssi,online,created_at\n";

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

void append_csv(std::string& out, const StatusUpdate& record) {
  const auto& [device_id, status] = record;
  append_csv_field(out, device_id);
  out += ',';
  out += format_timestamp(status.timestamp);
  out += ',';
  json::append_number(out, status.battery_level);
  out += ',';
  json::append_number(out, status.rssi);
  out += status.online ? ",true," : ",false,";
  out += format_timestamp(status.received);
  out += '\n';
}

// Writes records to standard output, many at once. Throws std::runtime_error if it takes no more.
class Output {
 public:
  explicit Output(Format format) : format_(format) {
    if (format == Format::csv) text_ = csv_header;
  }

  void write(const StatusUpdate& record) {
    format_ == Format::csv ? append_csv(text_, record) : append_json(text_, record);
    if (text_.size() >= bytes_at_once) flush();
  }

  void flush() {
    const bool is_written = std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size();
    if (!is_written || std::fflush(stdout) != 0) throw std::runtime_error("standard output cannot be written");
    text_.clear();
  }

 private:
  const Format format_;
  std::string text_;
};

Selection selection_of(const config::ExportArguments& arguments) {
  Selection selection;
  if (!arguments.device.empty()) selection.device_id = arguments.device;
  selection.prefix = arguments.prefix;
  selection.since = arguments.since;
  selection.before = arguments.before;
  return selection;
}

}  // namespace

int export_history(const config::Settings& settings, const config::ExportArguments& arguments) {
  const auto [store, exit_code] = open_migrated_store(settings);
  if (store == nullptr) return exit_code;
  const auto session = store->open();
  if (!session) return report(session.error());
  Output output(arguments.format);
  const auto read = (*session)->read_all(selection_of(arguments), [&](StatusUpdate&& record) { output.write(record); });
  output.flush();
  return read ? 0 : report(read.error());
}

}  // namespace ubiety::program
