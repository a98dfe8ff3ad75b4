// The collector, to which spans are posted over HTTP. One thread; `hurry` any.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

struct curl_slist;

namespace ubiety::tracing {

struct CollectorOptions {
  std::string url;
  std::string headers;  // "name=value,name=value", percent-encoded
  std::chrono::milliseconds timeout{10'000};
};

class Collector {
 public:
  explicit Collector(const CollectorOptions& options);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // What went wrong; nullopt when the collector took it.
  std::optional<std::string> post(const std::string& body);

  // The service stops: from now on it has only so long to answer, all posts together.
  void hurry(std::chrono::milliseconds limit);

 private:
  static int give_up_in_time(void* collector, std::int64_t, std::int64_t, std::int64_t, std::int64_t);
  void add_headers(const std::string& headers);

  void* curl_;
  curl_slist* headers_ = nullptr;
  std::atomic<std::chrono::steady_clock::time_point> deadline_{std::chrono::steady_clock::time_point::max()};
};

}  // namespace ubiety::tracing
