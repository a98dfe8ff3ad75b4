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
  if (!time) throw std::runtime_error(std::string(key) + " is not a time");
  return *time;
}

// Returns what `read` returns for the document. An answer that this service would not send is an error.
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
  explicit Connection(NodeAddress address) : address_(std::move(address)) {
    if (!curl_) throw std::runtime_error("libcurl cannot be initialised");
    while (address_.url.ends_with('/')) address_.url.pop_back();
    curl_easy_setopt(curl_.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl_.get(), CURLOPT_CONNECTTIMEOUT, connect_timeout);
    curl_easy_setopt(curl_.get(), CURLOPT_TIMEOUT, request_timeout);
    curl_easy_setopt(curl_.get(), CURLOPT_NOSIGNAL, 1L);
    if (!address_.ca.empty()) {
      curl_blob certificates{address_.ca.data(), address_.ca.size(), CURL_BLOB_NOCOPY};
      curl_easy_setopt(curl_.get(), CURLOPT_CAINFO_BLOB, &certificates);
    }
    if (!address_.api_key.empty())
      fields_.reset(curl_slist_append(nullptr, ("Authorization: Bearer " + address_.api_key).c_str()));
    curl_easy_setopt(curl_.get(), CURLOPT_HTTPHEADER, fields_.get());
  }

  Result<Response, std::string> get(const std::string& path) {
    Response response;
    curl_easy_setopt(curl_.get(), CURLOPT_URL, (address_.url + path).c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEDATA, &response.body);
    if (const auto code = curl_easy_perform(curl_.get()); code != CURLE_OK)
      return Failure{address_.url + ": " + curl_easy_strerror(code)};
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &response.status);
    if (response.status == 401 || response.status == 403)
      return Failure{address_.url +
                     ": the node requires an API key of scope read, in --api-key-file or UBIETY_API_KEY"};
    return response;
  }

  std::string escaped(const std::string& text) {
    const std::unique_ptr<char, decltype(&curl_free)> owned(
        curl_easy_escape(curl_.get(), text.data(), static_cast<int>(text.size())), &curl_free);
    return owned.get();
  }

 private:
  NodeAddress address_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> fields_{nullptr, &curl_slist_free_all};
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_{curl_easy_init(), &curl_easy_cleanup};
};

Node::Node(NodeAddress address) : connection_(std::make_unique<Connection>(std::move(address))) {}

Node::~Node() = default;

Result<std::unordered_map<DeviceId, ServedSummary>, std::string> Node::summary() {
  const auto response = connection_->get("/status/summary");
  if (!response) return Failure{response.error()};
  if (response->status != 200) return Failure{"the summary was answered " + std::to_string(response->status)};
  return parsed(response->body, [](simdjson::dom::element document) {
    std::unordered_map<DeviceId, ServedSummary> entries;
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
