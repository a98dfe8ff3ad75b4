#include "http/metrics/request_metrics.hpp"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

std::map<std::tuple<Route, Method, std::string>, std::uint64_t> counts_of(const RequestMetrics& metrics) {
  std::map<std::tuple<Route, Method, std::string>, std::uint64_t> counts;
  metrics.for_each_count([&](Route route, Method method, const std::string& status, std::uint64_t count) {
    EXPECT_TRUE(counts.emplace(std::tuple(route, method, status), count).second) << "a series twice";
  });
  return counts;
}

TEST(RequestMetrics, counts_by_route_and_method_and_status) {
  RequestMetrics metrics;
  metrics.count(Route::device, Method::get, 404, 1ms);
  metrics.count(Route::device, Method::get, 404, 3ms);
  metrics.count(Route::device, Method::head, 404, 1ms);
  metrics.count(Route::status, Method::post, 200, 1ms);
  const auto counts = counts_of(metrics);
  EXPECT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts.at({Route::device, Method::get, "404"}), 2u);
  EXPECT_EQ(counts.at({Route::device, Method::head, "404"}), 1u);
  EXPECT_EQ(counts.at({Route::status, Method::post, "200"}), 1u);
  EXPECT_DOUBLE_EQ(metrics.seconds_of(Route::device).sum(), 0.005);
  EXPECT_EQ(metrics.seconds_of(Route::health).sum(), 0);
}

TEST(RequestMetrics, counts_every_unknown_status_as_one) {
  RequestMetrics metrics;
  for (const int status : {-1, 0, 299, 599, 1'000'000}) metrics.count(Route::unknown, Method::other, status, 1ms);
  const auto counts = counts_of(metrics);
  EXPECT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts.at({Route::unknown, Method::other, "other"}), 5u);
}

TEST(RequestMetrics, has_no_more_series_than_routes_times_methods_times_statuses) {
  RequestMetrics metrics;
  constexpr auto methods = static_cast<std::size_t>(Method::other) + 1;
  for (std::size_t route = 0; route < RequestMetrics::routes; ++route)
    for (std::size_t method = 0; method < methods; ++method)
      for (int status = 0; status < 1000; ++status)
        metrics.count(static_cast<Route>(route), static_cast<Method>(method), status, 1ms);
  EXPECT_EQ(counts_of(metrics).size(), RequestMetrics::routes * methods * (status_codes.size() + 1));
}

}  // namespace
}  // namespace ubiety::http
