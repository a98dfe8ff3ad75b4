#include "support/report.hpp"

#include <atomic>
#include <ctime>
#include <utility>
#include <vector>

#include "support/json.hpp"

namespace ubiety::test {
namespace {

using Fields = std::vector<std::pair<std::string_view, std::string>>;

Fields measurements(const Report& report) {
  return {{"timestamp", json_string(report.timestamp)},
          {"battery_level", std::to_string(report.battery_level)},
          {"rssi", std::to_string(report.rssi)},
          {"online", report.online ? "true" : "false"}};
}

Fields all_fields(const Report& report) {
  Fields fields = measurements(report);
  fields.insert(fields.begin(), {"device_id", json_string(report.device_id)});
  return fields;
}

std::string object(const Fields& fields) {
  std::string text = "{";
  for (const auto& [name, value] : fields) {
    if (text.size() > 1) text += ',';
    text.append("\"").append(name).append("\":").append(value);
  }
  return text += '}';
}

}  // namespace

std::string Report::json() const { return object(all_fields(*this)); }

std::string Report::history_record() const { return object(measurements(*this)); }

std::string body_with(std::string_view field, std::string_view value) {
  Fields fields = all_fields({.device_id = fresh_device()});
  for (auto& [name, text] : fields)
    if (name == field) text = value;
  return object(fields);
}

std::string body_without(std::string_view field) {
  Fields fields = all_fields({.device_id = fresh_device()});
  std::erase_if(fields, [&](const auto& entry) { return entry.first == field; });
  return object(fields);
}

std::string fresh_device(std::string_view name) {
  static std::atomic<int> count = 0;
  return std::string(name) + "-" + std::to_string(++count);
}

std::string utc_text(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto whole = floor<seconds>(time);
  const std::time_t seconds_since_1970 = system_clock::to_time_t(whole);
  std::tm parts{};
  ::gmtime_r(&seconds_since_1970, &parts);
  char text[32];
  std::string result(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts));
  const auto fraction = duration_cast<microseconds>(time - whole).count();
  if (fraction != 0) {
    std::string digits = std::to_string(1'000'000 + fraction);
    digits[0] = '.';
    result += digits.substr(0, digits.find_last_not_of('0') + 1);
  }
  return result + "Z";
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved.find(c) != std::string_view::npos)
      encoded += c;
    else
      encoded.append({'%', digits[byte / 16], digits[byte % 16]});
  }
  return encoded;
}

}  // namespace ubiety::test
