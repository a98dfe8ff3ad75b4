#include "verify/node.hpp"

#include <curl/curl.h>
#include <simdjson.h>

#include <stdexcept>
#include <utility>

namespace ubiety::verify {
namespace {

constexpr long connect_timeout = 5, request_timeout = 60;  // seconds

std::size_t append(char* data, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

struct Response {
  long status = 0;
  std::string body;
};

Timestamp time_in(simdjson::dom::element object, const char* key) {
  const auto time = parse_timestamp(std::string_view(object[key]));
  if (!time) throw std::runtime_error(std::string(key) + " is no time");
  return *time;
}

// Gives what `read` makes of the document; an answer that is none of ours is an error.
template <class Read>
auto parsed(const std::string& body, Read read) -> Result<decltype(read(simdjson::dom::element())), std::string> {
  try {
    simdjson::dom::parser parser;
    const simdjson::dom::element document = parser.parse(body);
    return read(document);
  } catch (const std::exception& error) {  // simdjson's, or time_in's
    return Failure{std::string("not an answer of this service: ") + error.what()};
  }
}

}  // namespace

class Node::Connection {
 public:
  explicit Connection(std::string url) : url_(std::move(url)), curl_(curl_easy_init()) {
    if (curl_ == nullptr) throw std::runtime_error("libcurl cannot be started");
    while (url_.ends_with('/')) url_.pop_back();
  }
  ~Connection() { curl_easy_cleanup(curl_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<Response, std::string> get(const std::string& path) {
    Response response;
    curl_easy_setopt(curl_, CURLOPT_URL, (url_ + path).c_str());
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &response.body);
    curl_easy_setopt(curl_, CURLOPT_CONNECTTIMEOUT, connect_timeout);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT, request_timeout);
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    if (const auto code = curl_easy_perform(curl_); code != CURLE_OK)
      return Failure{url_ + ": " + curl_easy_strerror(code)};
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &response.status);
    return response;
  }

  std::string escaped(const std::string& text) {
    const std::unique_ptr<char, decltype(&curl_free)> owned(
        curl_easy_escape(curl_, text.data(), static_cast<int>(text.size())), &curl_free);
    return owned.get();
  }

 private:
  std::string url_;
  CURL* curl_;
};

Node::Node(std::string url) : connection_(std::make_unique<Connection>(std::move(url))) {}

Node::~Node() = default;

Result<std::unordered_map<DeviceId, SummaryEntry>, std::string> Node::summary() {
  const auto response = connection_->get("/status/summary");
  if (!response) return Failure{response.error()};
  if (response->status != 200) return Failure{"the summary was answered " + std::to_string(response->status)};
  return parsed(response->body, [](simdjson::dom::element document) {
    std::unordered_map<DeviceId, SummaryEntry> entries;
    const simdjson::dom::array devices = document["devices"];
    for (const auto device : devices)
      entries[DeviceId(std::string_view(device["device_id"]))] = {
          time_in(device, "last_update"), static_cast<std::uint8_t>(std::int64_t(device["battery_level"])),
          bool(device["online"])};
    return entries;
  });
}

Result<std::optional<Status>, std::string> Node::latest(const DeviceId& device_id) {
  const auto response = connection_->get("/status/" + connection_->escaped(device_id));
  if (!response) return Failure{response.error()};
  if (response->status == 404) return std::optional<Status>{};
  if (response->status != 200) return Failure{"a status was answered " + std::to_string(response->status)};
  return parsed(response->body, [](simdjson::dom::element document) {
    return std::optional(Status{.timestamp = time_in(document, "timestamp"),
                                .received = time_in(document, "last_updated"),
                                .rssi = static_cast<std::int16_t>(std::int64_t(document["rssi"])),
                                .battery_level = static_cast<std::uint8_t>(std::int64_t(document["battery_level"])),
                                .online = bool(document["online"])});
  });
}

}  // namespace ubiety::verify
