#include "telemetry/tracing/trace_context.hpp"

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

}  // namespace
}  // namespace ubiety::tracing
