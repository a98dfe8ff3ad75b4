#include "telemetry/tracing/collector.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace ubiety::tracing {
namespace {

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::string decoded(CURL* curl, std::string_view text) {
  int size = 0;
  const std::unique_ptr<char, decltype(&curl_free)> owned(
      curl_easy_unescape(curl, text.data(), static_cast<int>(text.size()), &size), &curl_free);
  return owned == nullptr ? std::string() : std::string(owned.get(), static_cast<std::size_t>(size));
}

}  // namespace

Collector::Collector(const CollectorOptions& options) : curl_(curl_easy_init()) {
  if (curl_ == nullptr) throw std::runtime_error("libcurl cannot be started");
  headers_ = curl_slist_append(nullptr, "Content-Type: application/json");
  headers_ = curl_slist_append(headers_, "Expect:");  // bodies are sent without asking first
  add_headers(options.headers);
  curl_easy_setopt(curl_, CURLOPT_URL, options.url.c_str());
  curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_);
  curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, ignore);
  curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION, give_up_in_time);
  curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, this);
}

Collector::~Collector() {
  curl_easy_cleanup(curl_);
  curl_slist_free_all(headers_);
}

void Collector::add_headers(const std::string& headers) {
  std::string_view left = headers;
  while (!left.empty()) {
    const auto one = left.substr(0, left.find(','));
    left.remove_prefix(std::min(left.size(), one.size() + 1));
    const auto equals = one.find('=');
    if (equals == std::string_view::npos) continue;
    const auto field = decoded(curl_, one.substr(0, equals)) + ": " + decoded(curl_, one.substr(equals + 1));
    headers_ = curl_slist_append(headers_, field.c_str());
  }
}

std::optional<std::string> Collector::post(const std::string& body) {
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.data());
  if (const auto code = curl_easy_perform(curl_); code != CURLE_OK) return curl_easy_strerror(code);
  long status = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return "answered " + std::to_string(status);
  return std::nullopt;
}

void Collector::hurry(std::chrono::milliseconds limit) { deadline_ = std::chrono::steady_clock::now() + limit; }

// libcurl asks about once a second at least; anything but 0 ends the request.
int Collector::give_up_in_time(void* collector, std::int64_t, std::int64_t, std::int64_t, std::int64_t) {
  return std::chrono::steady_clock::now() > static_cast<Collector*>(collector)->deadline_.load() ? 1 : 0;
}

}  // namespace ubiety::tracing
