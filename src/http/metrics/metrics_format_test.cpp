#include "http/metrics/metrics_format.hpp"

#include <gtest/gtest.h>

namespace ubiety::http {
namespace {

bool prefers_openmetrics(std::string_view accept) {
  return preferred_metrics_format(accept) == MetricsFormat::openmetrics;
}

TEST(MetricsFormat, IsOpenMetricsForWhoeverNamesIt) {
  // As Prometheus 2.42 asks.
  EXPECT_TRUE(prefers_openmetrics(
      "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
  EXPECT_TRUE(prefers_openmetrics("application/openmetrics-text"));
  EXPECT_TRUE(prefers_openmetrics("text/html, Application/OpenMetrics-Text ; Version=1.0.0 ; Q=0.2"));
  EXPECT_TRUE(prefers_openmetrics("text/plain, application/openmetrics-text"));
}

TEST(MetricsFormat, IsTextForEverybodyElse) {
  EXPECT_FALSE(prefers_openmetrics(""));
  EXPECT_FALSE(prefers_openmetrics("*/*"));
  EXPECT_FALSE(prefers_openmetrics("text/plain;version=0.0.4"));
  EXPECT_FALSE(prefers_openmetrics("application/openmetrics-text;version=0.0.1")) << "another version";
  EXPECT_FALSE(prefers_openmetrics("application/openmetrics-text;q=0, */*"));
  EXPECT_FALSE(prefers_openmetrics("application/openmetrics-text;q=0.3, text/plain;q=0.7"));
  EXPECT_FALSE(prefers_openmetrics(";,;q=,=;"));
}

}  // namespace
}  // namespace ubiety::http
