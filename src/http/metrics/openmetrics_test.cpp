#include "http/metrics/openmetrics.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ubiety::http {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr auto infinity = std::numeric_limits<double>::infinity();

MetricFamily counter(const std::string& name, std::vector<ClientMetric::Label> labels, double value) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = value;
  return {name, "Some.", MetricType::Counter, {metric}};
}

MetricFamily gauge(const std::string& name, double value) {
  ClientMetric metric;
  metric.gauge.value = value;
  return {name, "Some.", MetricType::Gauge, {metric}};
}

MetricFamily histogram(const std::string& name, const std::vector<ClientMetric::Bucket>& buckets) {
  ClientMetric metric;
  metric.label = {{"route", "/status"}};
  metric.histogram = {buckets.back().cumulative_count, 2.5, buckets};
  return {name, "Some.", MetricType::Histogram, {metric}};
}

TEST(Openmetrics, EndInEof) { EXPECT_EQ(openmetrics_text({}), "# EOF\n"); }

TEST(Openmetrics, NameACounterWithoutItsSuffix) {
  EXPECT_EQ(openmetrics_text({counter("things_total", {{"kind", "a"}, {"other", "b"}}, 12345678)}),
            "# TYPE things counter\n"
            "# HELP things Some.\n"
            "things_total{kind=\"a\",other=\"b\"} 12345678\n"
            "# EOF\n");
}

TEST(Openmetrics, TellTheUnitThatANameEndsIn) {
  EXPECT_EQ(openmetrics_text({counter("cpu_seconds_total", {}, 0.5), gauge("limit_bytes", 1e15), gauge("seconds", 1)}),
            "# TYPE cpu_seconds counter\n# UNIT cpu_seconds seconds\n# HELP cpu_seconds Some.\n"
            "cpu_seconds_total 0.5\n"
            "# TYPE limit_bytes gauge\n# UNIT limit_bytes bytes\n# HELP limit_bytes Some.\n"
            "limit_bytes 1e+15\n"
            "# TYPE seconds gauge\n# HELP seconds Some.\n"
            "seconds 1\n"
            "# EOF\n");
}

TEST(Openmetrics, WriteTheBoundsOfAHistogramAsFloats) {
  EXPECT_EQ(openmetrics_text({histogram("wait_seconds", {{1, .0005}, {2, 1}, {2, 16384}, {3, infinity}})}),
            "# TYPE wait_seconds histogram\n# UNIT wait_seconds seconds\n# HELP wait_seconds Some.\n"
            "wait_seconds_bucket{route=\"/status\",le=\"0.0005\"} 1\n"
            "wait_seconds_bucket{route=\"/status\",le=\"1.0\"} 2\n"
            "wait_seconds_bucket{route=\"/status\",le=\"16384.0\"} 2\n"
            "wait_seconds_bucket{route=\"/status\",le=\"+Inf\"} 3\n"
            "wait_seconds_count{route=\"/status\"} 3\n"
            "wait_seconds_sum{route=\"/status\"} 2.5\n"
            "# EOF\n");
}

TEST(Openmetrics, HaveNoSumThatCouldFall) {
  EXPECT_EQ(openmetrics_text({histogram("error", {{1, -60}, {3, infinity}})}),
            "# TYPE error histogram\n# HELP error Some.\n"
            "error_bucket{route=\"/status\",le=\"-60.0\"} 1\n"
            "error_bucket{route=\"/status\",le=\"+Inf\"} 3\n"
            "# EOF\n");
}

TEST(Openmetrics, EscapeTextAndWriteNumbersThatAreNone) {
  auto family = gauge("odd", infinity);
  family.help = "Says \"a\\b\"\nand ends.";
  family.metric[0].label = {{"text", "a\"b\\c\nd"}};
  family.metric.push_back(family.metric[0]);
  family.metric[1].gauge.value = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(openmetrics_text({family}),
            "# TYPE odd gauge\n"
            "# HELP odd Says \\\"a\\\\b\\\"\\nand ends.\n"
            "odd{text=\"a\\\"b\\\\c\\nd\"} +Inf\n"
            "odd{text=\"a\\\"b\\\\c\\nd\"} NaN\n"
            "# EOF\n");
}

}  // namespace
}  // namespace ubiety::http
