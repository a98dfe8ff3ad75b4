#include "telemetry/tracing/span.hpp"

#include <gtest/gtest.h>

namespace ubiety::tracing {
namespace {

using namespace std::chrono_literals;

TEST(OtlpJson, is_what_a_collector_reads) {
  const std::vector<Span> spans{{.context = {{1, 2}, 3, true},
                                 .parent_id = 4,
                                 .name = "GET /\"",
                                 .kind = SpanKind::server,
                                 .began = SteadyTime(1s),
                                 .ended = SteadyTime(1s + 5ns),
                                 .attributes = {{"text", std::string("a\n")}, {"number", std::int64_t{-7}}},
                                 .failed = true},
                                {.context = {{1, 2}, 5, true}, .name = "b", .began = {}, .ended = {}}};
  EXPECT_EQ(otlp_json({"s", "1"}, spans, 1'000'000'000s),
            R"({"resourceSpans":[{"resource":{"attributes":[)"
            R"({"key":"service.name","value":{"stringValue":"s"}},)"
            R"({"key":"service.version","value":{"stringValue":"1"}}]},)"
            R"("scopeSpans":[{"scope":{"name":"ubiety"},"spans":[)"
            R"({"traceId":"00000000000000010000000000000002","spanId":"0000000000000003",)"
            R"("parentSpanId":"0000000000000004","name":"GET /\"","kind":2,)"
            R"("startTimeUnixNano":"1000000001000000000","endTimeUnixNano":"1000000001000000005",)"
            R"("attributes":[{"key":"text","value":{"stringValue":"a\n"}},{"key":"number","value":{"intValue":"-7"}}],)"
            R"("status":{"code":2}},)"
            R"({"traceId":"00000000000000010000000000000002","spanId":"0000000000000005","name":"b","kind":1,)"
            R"("startTimeUnixNano":"1000000000000000000","endTimeUnixNano":"1000000000000000000",)"
            R"("attributes":[],"status":{}}]}]}]})");
}

}  // namespace
}  // namespace ubiety::tracing
