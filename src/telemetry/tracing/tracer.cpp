#include "telemetry/tracing/tracer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "telemetry/log.hpp"

namespace ubiety::tracing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_spans_in_request = 512;
constexpr auto time_to_stop = 1s;

std::chrono::nanoseconds epoch_of_steady_clock() {
  return std::chrono::system_clock::now().time_since_epoch() - std::chrono::steady_clock::now().time_since_epoch();
}

std::size_t ignore(char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::string percent_decoded(CURL* curl, std::string_view text) {
  int size = 0;
  const std::unique_ptr<char, decltype(&curl_free)> decoded(
      curl_easy_unescape(curl, text.data(), static_cast<int>(text.size()), &size), &curl_free);
  return decoded == nullptr ? std::string() : std::string(decoded.get(), static_cast<std::size_t>(size));
}

}  // namespace

// The collector at the other end of an HTTP connection. One thread; limit() any.
class SpanExporter::Collector {
 public:
  explicit Collector(const CollectorOptions& options) : curl_(curl_easy_init()) {
    if (curl_ == nullptr) throw std::runtime_error("libcurl cannot be initialised");
    headers_ = curl_slist_append(nullptr, "Content-Type: application/json");
    headers_ = curl_slist_append(headers_, "Expect:");  // send bodies without asking first
    add_headers(options.headers);
    curl_easy_setopt(curl_, CURLOPT_URL, options.url.c_str());
    curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl_, CURLOPT_XFERINFOFUNCTION, abort_after_deadline);
    curl_easy_setopt(curl_, CURLOPT_XFERINFODATA, this);
  }

  ~Collector() {
    curl_easy_cleanup(curl_);
    curl_slist_free_all(headers_);
  }

  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Returns what went wrong; nullopt if the collector accepted the spans.
  std::optional<std::string> post(const std::string& body) {
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.data());
    if (const auto code = curl_easy_perform(curl_); code != CURLE_OK) return curl_easy_strerror(code);
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    if (status < 200 || status > 299) return "answered " + std::to_string(status);
    return std::nullopt;
  }

  // Limits the time of all posts from now on, together.
  void limit(std::chrono::milliseconds time) { deadline_ = std::chrono::steady_clock::now() + time; }

 private:
  // libcurl calls this at least about once a second. Any value but 0 aborts the request.
  static int abort_after_deadline(void* collector, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return std::chrono::steady_clock::now() > static_cast<Collector*>(collector)->deadline_.load() ? 1 : 0;
  }

  void add_headers(std::string_view headers) {
    while (!headers.empty()) {
      const auto header = headers.substr(0, headers.find(','));
      headers.remove_prefix(std::min(headers.size(), header.size() + 1));
      const auto equals = header.find('=');
      if (equals == std::string_view::npos) continue;
      const auto field =
          percent_decoded(curl_, header.substr(0, equals)) + ": " + percent_decoded(curl_, header.substr(equals + 1));
      headers_ = curl_slist_append(headers_, field.c_str());
    }
  }

  CURL* const curl_;
  curl_slist* headers_ = nullptr;
  std::atomic<std::chrono::steady_clock::time_point> deadline_{std::chrono::steady_clock::time_point::max()};
};

SpanExporter::SpanExporter(ExporterOptions options)
    : options_(std::move(options)),
      collector_(std::make_unique<Collector>(options_.collector)),
      thread_([this](const std::stop_token& stopping) { export_until(stopping); }) {}

SpanExporter::~SpanExporter() {
  collector_->limit(time_to_stop);
  thread_.request_stop();
  thread_.join();
}

void SpanExporter::push(Span span) {
  bool fills_a_request = false;
  {
    const MutexLock lock(mutex_);
    if (waiting_.size() >= options_.max_waiting) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    waiting_.push_back(std::move(span));
    fills_a_request = waiting_.size() == max_spans_in_request;
  }
  if (fills_a_request) arrived_.notify_one();
}

void SpanExporter::export_until(const std::stop_token& stopping) {
  bool is_last = false;
  while (!is_last) {
    std::vector<Span> spans;
    {
      const MutexLock lock(mutex_);
      arrived_.wait_for(mutex_, stopping, options_.delay,
                        [this]() REQUIRES(mutex_) { return waiting_.size() >= max_spans_in_request; });
      is_last = stopping.stop_requested();
      spans.swap(waiting_);
    }
    send(spans);
  }
}

void SpanExporter::send(const std::vector<Span>& spans) {
  const auto epoch = epoch_of_steady_clock();
  for (std::span<const Span> left = spans; !left.empty();) {
    const auto some = left.first(std::min(left.size(), max_spans_in_request));
    left = left.subspan(some.size());
    note_outcome(some.size(), collector_->post(otlp_json(options_.resource, some, epoch)));
  }
}

void SpanExporter::note_outcome(std::size_t spans, const std::optional<std::string>& problem) {
  (problem ? dropped_ : exported_).fetch_add(spans, std::memory_order_relaxed);
  const bool accepted_before = std::exchange(collector_accepts_, !problem);
  if (problem && accepted_before) log::warning("the collector does not accept spans", {{"reason", *problem}});
  if (!problem && !accepted_before) log::info("the collector accepts spans again");
}

// By the id of the trace, so that all services of a trace decide alike.
bool Sampler::samples(const TraceId& id, const std::optional<TraceContext>& parent) const {
  if (parent_based && parent) return parent->sampled;
  if (ratio >= 1) return true;
  constexpr double ids = 9223372036854775808.0;  // 2^63: the decision is made by 63 bits
  return static_cast<double>(id.low >> 1) < ratio * ids;
}

TraceContext Tracer::begin(const std::optional<TraceContext>& parent) const {
  const auto trace_id = parent ? parent->trace_id : random_trace_id();
  return {trace_id, random_span_id(), sampler_.samples(trace_id, parent)};
}

}  // namespace ubiety::tracing
