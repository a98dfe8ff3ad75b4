#include "telemetry/tracing/span_exporter.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "telemetry/log.hpp"

namespace ubiety::tracing {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t spans_in_a_request = 512;
constexpr auto time_at_a_stop = 1s;

std::chrono::nanoseconds epoch_of_the_steady_clock() {
  return std::chrono::system_clock::now().time_since_epoch() - std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace

SpanExporter::SpanExporter(ExporterOptions options)
    : options_(std::move(options)),
      collector_(options_.collector),
      thread_([this](const std::stop_token& stopping) { export_until(stopping); }) {}

SpanExporter::~SpanExporter() {
  collector_.hurry(time_at_a_stop);
  thread_.request_stop();
  thread_.join();
}

void SpanExporter::push(Span span) {
  bool is_a_request_full = false;
  {
    const MutexLock lock(mutex_);
    if (waiting_.size() >= options_.most_waiting) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    waiting_.push_back(std::move(span));
    is_a_request_full = waiting_.size() == spans_in_a_request;
  }
  if (is_a_request_full) came_.notify_one();
}

void SpanExporter::export_until(const std::stop_token& stopping) {
  bool stops = false;
  while (!stops) {
    std::vector<Span> spans;
    {
      const MutexLock lock(mutex_);
      came_.wait_for(mutex_, stopping, options_.delay,
                     [this]() REQUIRES(mutex_) { return waiting_.size() >= spans_in_a_request; });
      stops = stopping.stop_requested();
      spans.swap(waiting_);
    }
    send(spans);
  }
}

void SpanExporter::send(const std::vector<Span>& spans) {
  const auto epoch = epoch_of_the_steady_clock();
  for (std::span<const Span> left = spans; !left.empty();) {
    const auto some = left.first(std::min(left.size(), spans_in_a_request));
    left = left.subspan(some.size());
    note_outcome(some.size(), collector_.post(otlp_json(options_.resource, some, epoch)));
  }
}

void SpanExporter::note_outcome(std::size_t spans, const std::optional<std::string>& problem) {
  (problem ? dropped_ : exported_).fetch_add(spans, std::memory_order_relaxed);
  const bool took_before = std::exchange(collector_takes_, !problem);
  if (problem && took_before) log::warning("the collector takes no spans", {{"reason", *problem}});
  if (!problem && !took_before) log::info("the collector takes spans again");
}

}  // namespace ubiety::tracing
