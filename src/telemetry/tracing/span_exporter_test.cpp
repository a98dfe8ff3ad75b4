#include "telemetry/tracing/span_exporter.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "support/free_port.hpp"
#include "support/trace_collector.hpp"
#include "support/wait_until.hpp"

namespace ubiety::tracing {
namespace {

using namespace std::chrono_literals;

Span span() { return {.context = {{1, 2}, 3, true}, .name = "a", .began = {}, .ended = {}}; }

ExporterOptions options(const std::string& url) {
  return {.collector = {.url = url, .headers = {}}, .resource = {"s", "1"}, .delay = 10min, .max_waiting = 1'000};
}

TEST(SpanExporter, sends_at_once_what_fills_a_request) {
  test::TraceCollector collector;
  SpanExporter exporter(options(collector.url()));
  for (int i = 0; i < 512; ++i) exporter.push(span());
  EXPECT_TRUE(test::wait_until([&] { return exporter.exported() == 512; }, 5s));
  EXPECT_EQ(exporter.dropped(), 0u);
}

TEST(SpanExporter, sends_the_rest_at_its_end) {
  test::TraceCollector collector;
  {
    SpanExporter exporter(options(collector.url()));
    for (int i = 0; i < 3; ++i) exporter.push(span());
  }
  EXPECT_EQ(collector.spans().size(), 3u);
}

TEST(SpanExporter, takes_spans_from_many_threads) {
  constexpr std::size_t threads = 4, spans = 1'000;
  test::TraceCollector collector;
  auto many = options(collector.url());
  many.max_waiting = threads * spans;
  {
    SpanExporter exporter(many);
    std::vector<std::jthread> pushing;
    for (std::size_t thread = 0; thread < threads; ++thread) {
      pushing.emplace_back([&exporter] {
        for (std::size_t i = 0; i < spans; ++i) exporter.push(span());
      });
    }
    pushing.clear();
    EXPECT_TRUE(test::wait_until([&] { return exporter.exported() >= 512; }, 5s));
    EXPECT_EQ(exporter.dropped(), 0u);
  }
  EXPECT_EQ(collector.spans().size(), threads * spans);
}

TEST(SpanExporter, drops_what_does_not_fit) {
  test::FreePort nobody_listens;
  auto few = options("http://127.0.0.1:" + std::to_string(nobody_listens.number()));
  few.max_waiting = 10;  // less than a request, so that none is sent
  SpanExporter exporter(few);
  for (int i = 0; i < 15; ++i) exporter.push(span());
  EXPECT_EQ(exporter.dropped(), 5u);
}

}  // namespace
}  // namespace ubiety::tracing
