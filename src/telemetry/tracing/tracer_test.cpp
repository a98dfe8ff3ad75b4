#include "telemetry/tracing/tracer.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "support/free_port.hpp"
#include "support/trace_collector.hpp"
#include "support/wait_until.hpp"

namespace ubiety::tracing {
namespace {

using namespace std::chrono_literals;

std::optional<TraceContext> parent(bool sampled) { return TraceContext{{1, 1}, 1, sampled}; }

TEST(Sampler, follows_the_parent_if_it_is_parent_based) {
  for (const double ratio : {0.0, 0.5, 1.0}) {
    EXPECT_TRUE((Sampler{true, ratio}.samples({1, 1}, parent(true))));
    EXPECT_FALSE((Sampler{true, ratio}.samples({1, 1}, parent(false))));
  }
  EXPECT_TRUE((Sampler{false, 1}.samples({1, 1}, parent(false))));
  EXPECT_FALSE((Sampler{false, 0}.samples({1, 1}, parent(true))));
}

TEST(Sampler, samples_its_fraction_of_the_traces) {
  const Sampler tenth{true, 0.1};
  int sampled = 0;
  for (int i = 0; i < 100'000; ++i) sampled += tenth.samples(random_trace_id(), std::nullopt) ? 1 : 0;
  EXPECT_NEAR(sampled, 10'000, 1'000);
}

TEST(Sampler, samples_all_or_none_at_the_ends) {
  constexpr auto highest = ~std::uint64_t{0};
  EXPECT_TRUE((Sampler{true, 1}.samples({highest, highest}, std::nullopt)));
  EXPECT_FALSE((Sampler{true, 0}.samples({0, 1}, std::nullopt)));
}

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

TEST(SpanExporter, accepts_spans_from_many_threads) {
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
