#include "http/resources/summary/summary_scans.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ubiety::http {
namespace {

class SummaryScansTest : public ::testing::Test {
 protected:
  static SummaryRequest request(const std::string& prefix) {
    SummaryRequest request;
    request.query.filter.prefix = prefix;
    return request;
  }

  // The number of the scan that begins; 0 when none may.
  std::uint64_t begin() {
    const auto next = scans_.next();
    if (next.scan != nullptr) next.scan->scan = std::make_shared<SummaryScan>(budget_, SteadyTime{});
    return next.number;
  }

  ByteBudget budget_{1000};
  SummaryScans scans_{2};
};

TEST_F(SummaryScansTest, lets_so_many_run_in_their_order) {
  for (const auto* prefix : {"a", "b", "c"}) scans_.join(request(prefix));
  const auto first = begin();
  EXPECT_EQ(scans_.find(first)->request.query.filter.prefix, "a");
  EXPECT_NE(begin(), 0u);
  EXPECT_EQ(begin(), 0u);
  EXPECT_EQ(scans_.running(), 2u);
  EXPECT_EQ(scans_.waiting(), 1u);
  scans_.end(first);
  EXPECT_EQ(scans_.find(first), nullptr);
  EXPECT_EQ(scans_.find(begin())->request.query.filter.prefix, "c");
}

TEST_F(SummaryScansTest, lets_the_same_requests_share_one_that_has_not_begun) {
  auto* waiting = scans_.join(request("a"));
  EXPECT_EQ(scans_.join(request("a")), waiting);
  EXPECT_NE(scans_.join(request("b")), waiting);
  const auto first = begin();
  auto* next = scans_.join(request("a"));
  EXPECT_NE(next, scans_.find(first)) << "it may have passed a device whose update the client knows of";
  EXPECT_EQ(scans_.join(request("a")), next);
  const auto other = begin();
  EXPECT_EQ(scans_.find(other)->request.query.filter.prefix, "b");
  scans_.end(other);
  EXPECT_EQ(begin(), 0u) << "the same runs already";
  scans_.end(first);
  EXPECT_NE(begin(), 0u);
}

TEST_F(SummaryScansTest, lets_one_at_a_time_be_sorted) {
  auto sorted = request("a");
  sorted.query.sort = SummarySort{};
  auto other = request("b");
  other.query.sort = SummarySort{};
  scans_.join(sorted);
  scans_.join(other);
  scans_.join(request("c"));
  const auto first = begin();
  EXPECT_EQ(scans_.find(begin())->request.query.filter.prefix, "c") << "it needs no order";
  scans_.end(2);
  scans_.end(3);
  scans_.join(other);
  EXPECT_EQ(begin(), 0u);
  scans_.find(first)->order = std::make_shared<const SummaryOrder>(sorted.query, std::vector<SummaryPart>());
  EXPECT_EQ(scans_.find(begin())->request.query.filter.prefix, "b") << "the first has its order";
}

TEST_F(SummaryScansTest, lets_eight_times_as_many_wait) {
  for (int i = 0; i < 16; ++i) EXPECT_NE(scans_.join(request(std::to_string(i))), nullptr);
  EXPECT_EQ(scans_.join(request("one more")), nullptr);
  EXPECT_NE(scans_.join(request("3")), nullptr);
  EXPECT_NE(begin(), 0u);
  EXPECT_NE(scans_.join(request("one more")), nullptr);
}

}  // namespace
}  // namespace ubiety::http
