#include "telemetry/tracing/span.hpp"

#include <gtest/gtest.h>

namespace ubiety::tracing {
namespace {

const std::string good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Traceparent, is_read_and_written) {
  const auto context = parse_traceparent(good);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace_id, (TraceId{0x0af7651916cd43dd, 0x8448eb211c80319c}));
  EXPECT_EQ(context->span_id, 0xb7ad6b7169203331u);
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(format_traceparent(*context), good);
}

TEST(Traceparent, has_one_flag_that_we_know) {
  EXPECT_FALSE(parse_traceparent(good.substr(0, 53) + "00")->sampled);
  EXPECT_FALSE(parse_traceparent(good.substr(0, 53) + "fe")->sampled);
  EXPECT_TRUE(parse_traceparent(good.substr(0, 53) + "ff")->sampled);
}

TEST(Traceparent, may_be_longer_in_a_later_version) {
  EXPECT_TRUE(parse_traceparent("01" + good.substr(2)));
  EXPECT_TRUE(parse_traceparent("cc" + good.substr(2) + "-what-will-be"));
  EXPECT_FALSE(parse_traceparent("cc" + good.substr(2) + ".what"));
  EXPECT_FALSE(parse_traceparent(good + "-more"));
  EXPECT_FALSE(parse_traceparent("ff" + good.substr(2)));
}

TEST(Traceparent, is_refused_when_cut_or_changed_anywhere) {
  for (std::size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(parse_traceparent(good.substr(0, i))) << i;
    for (const char wrong : {'G', 'A', ' ', '\0', '\xff'}) {
      auto changed = good;
      changed[i] = wrong;
      EXPECT_FALSE(parse_traceparent(changed)) << i;
    }
  }
}

TEST(Traceparent, has_no_id_of_zeros) {
  EXPECT_FALSE(parse_traceparent("00-00000000000000000000000000000000-b7ad6b7169203331-01"));
  EXPECT_FALSE(parse_traceparent("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"));
  EXPECT_TRUE(parse_traceparent("00-00000000000000000000000000000001-b7ad6b7169203331-01"));
}

TEST(TraceId, is_different_each_time) {
  EXPECT_NE(random_trace_id(), random_trace_id());
  EXPECT_NE(random_span_id(), random_span_id());
}

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
