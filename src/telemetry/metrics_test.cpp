#include "telemetry/metrics.hpp"

#include <gtest/gtest.h>

namespace ubiety {
namespace {

TEST(Histogram, counts_each_bound_in_its_own_bucket) {
  Histogram histogram{-1, 0, 2.5};
  for (const double value : {-5.0, -1.0, -0.5, 0.0, 1.0, 2.5, 2.6, 100.0}) histogram.observe(value);
  EXPECT_EQ(histogram.count(0), 2u) << "-5 and -1";
  EXPECT_EQ(histogram.count(1), 2u) << "-0.5 and 0";
  EXPECT_EQ(histogram.count(2), 2u) << "1 and 2.5";
  EXPECT_EQ(histogram.count(3), 2u) << "above all bounds";
  EXPECT_DOUBLE_EQ(histogram.sum(), 99.6);
}

}  // namespace
}  // namespace ubiety
