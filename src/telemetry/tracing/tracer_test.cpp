#include "telemetry/tracing/tracer.hpp"

#include <gtest/gtest.h>

namespace ubiety::tracing {
namespace {

std::optional<TraceContext> parent(bool sampled) { return TraceContext{{1, 1}, 1, sampled}; }

TEST(Sampler, follows_the_parent_when_it_is_told_so) {
  for (const double ratio : {0.0, 0.5, 1.0}) {
    EXPECT_TRUE((Sampler{true, ratio}.samples({1, 1}, parent(true))));
    EXPECT_FALSE((Sampler{true, ratio}.samples({1, 1}, parent(false))));
  }
  EXPECT_TRUE((Sampler{false, 1}.samples({1, 1}, parent(false))));
  EXPECT_FALSE((Sampler{false, 0}.samples({1, 1}, parent(true))));
}

TEST(Sampler, takes_its_part_of_the_traces) {
  const Sampler tenth{true, 0.1};
  int sampled = 0;
  for (int i = 0; i < 100'000; ++i) sampled += tenth.samples(random_trace_id(), std::nullopt) ? 1 : 0;
  EXPECT_NEAR(sampled, 10'000, 1'000);
}

TEST(Sampler, takes_all_or_nothing_at_the_ends) {
  constexpr auto highest = ~std::uint64_t{0};
  EXPECT_TRUE((Sampler{true, 1}.samples({highest, highest}, std::nullopt)));
  EXPECT_FALSE((Sampler{true, 0}.samples({0, 1}, std::nullopt)));
}

}  // namespace
}  // namespace ubiety::tracing
