#include "storage/sqlite/logged_updates.hpp"

#include "json/writer.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {
namespace {

void append_update(std::string& out, const StatusUpdate& update) {
  const auto& status = update.status;
  out += '[';
  json::append_string(out, update.device_id);
  for (const std::int64_t value : {status.timestamp.microseconds, static_cast<std::int64_t>(status.battery_level),
                                   static_cast<std::int64_t>(status.rssi), static_cast<std::int64_t>(status.online),
                                   status.received.microseconds}) {
    out += ',';
    json::append_number(out, value);
  }
  out += ']';
}

// Throws simdjson's error.
StatusUpdate update_in(simdjson::dom::array fields) {
  auto field = fields.begin();
  const auto next_integer = [&field] { return std::int64_t{*++field}; };
  StatusUpdate update{DeviceId(std::string_view(*field)), {}};
  auto& status = update.status;
  status.timestamp = {next_integer()};
  status.battery_level = static_cast<std::uint8_t>(next_integer());
  status.rssi = static_cast<std::int16_t>(next_integer());
  status.online = next_integer() != 0;
  status.received = {next_integer()};
  return update;
}

}  // namespace

std::string logged_text(const UpdateList& updates) {
  std::string text = "[";
  for (const auto* update : updates) {
    if (text.size() > 1) text += ',';
    append_update(text, *update);
  }
  text += ']';
  return text;
}

void LoggedTextReader::read(std::string_view text, const std::function<void(StatusUpdate&&)>& sink) {
  try {
    for (const simdjson::dom::element update : simdjson::dom::array(parser_.parse(text.data(), text.size())))
      sink(update_in(update));
  } catch (const simdjson::simdjson_error& error) {
    throw Error(SQLITE_CORRUPT, std::string("a row of update_log: ") + error.what());
  }
}

}  // namespace ubiety::sqlite
