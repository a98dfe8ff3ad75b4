#include "http/metrics/counters.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <tuple>

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

constexpr std::array table{Route{"/things", {{Method::post}}}, Route{"/things/{id}", {{Method::get}}}};
constexpr const Route* things = &table[0];
constexpr const Route* thing = &table[1];

std::map<std::tuple<std::string_view, Method, std::string>, std::uint64_t> counts_of(const RequestMetrics& metrics) {
  std::map<std::tuple<std::string_view, Method, std::string>, std::uint64_t> counts;
  metrics.for_each_count([&](const Route* route, Method method, const std::string& status, std::uint64_t count) {
    EXPECT_TRUE(counts.emplace(std::tuple(template_of(route), method, status), count).second) << "a series twice";
  });
  return counts;
}

TEST(RequestMetrics, counts_by_route_and_method_and_status) {
  RequestMetrics metrics(table);
  metrics.count(thing, Method::get, 404, 1ms);
  metrics.count(thing, Method::get, 404, 3ms);
  metrics.count(thing, Method::head, 404, 1ms);
  metrics.count(things, Method::post, 200, 1ms);
  const auto counts = counts_of(metrics);
  EXPECT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts.at({"/things/{id}", Method::get, "404"}), 2u);
  EXPECT_EQ(counts.at({"/things/{id}", Method::head, "404"}), 1u);
  EXPECT_EQ(counts.at({"/things", Method::post, "200"}), 1u);
  std::map<const Route*, double> seconds;
  metrics.for_each_route([&](const Route* route, const Histogram& histogram) { seconds[route] = histogram.sum(); });
  EXPECT_DOUBLE_EQ(seconds.at(thing), 0.005);
  EXPECT_DOUBLE_EQ(seconds.at(things), 0.001);
  EXPECT_EQ(seconds.at(nullptr), 0);
}

TEST(RequestMetrics, counts_every_unknown_status_as_one) {
  RequestMetrics metrics(table);
  for (const int status : {-1, 0, 299, 599, 1'000'000}) metrics.count(nullptr, Method::other, status, 1ms);
  const auto counts = counts_of(metrics);
  EXPECT_EQ(counts.size(), 1u);
  EXPECT_EQ(counts.at({"other", Method::other, "other"}), 5u);
}

TEST(RequestMetrics, has_no_more_series_than_routes_times_methods_times_statuses) {
  RequestMetrics metrics(table);
  constexpr auto methods = static_cast<std::size_t>(Method::other) + 1;
  for (const auto* route : {things, thing, static_cast<const Route*>(nullptr)})
    for (std::size_t method = 0; method < methods; ++method)
      for (int status = 0; status < 1000; ++status) metrics.count(route, static_cast<Method>(method), status, 1ms);
  EXPECT_EQ(counts_of(metrics).size(), (table.size() + 1) * methods * (status_codes.size() + 1));
}

}  // namespace
}  // namespace ubiety::http
