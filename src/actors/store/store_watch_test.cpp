#include "actors/store/store_watch.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ubiety {
namespace {

using namespace std::chrono_literals;

class FailureNotices : public ::testing::Test {
 protected:
  bool due_at(std::chrono::seconds time, std::string_view reason) { return notice_.is_due(reason, begin_ + time); }

  FailureNotice notice_;
  SteadyTime begin_{1h};
};

TEST_F(FailureNotices, come_at_growing_intervals_for_one_reason_that_lasts) {
  std::vector<long> told;
  for (auto time = 0s; time < 1300s; ++time)
    if (due_at(time, "refused")) told.push_back(time.count());
  EXPECT_EQ(told, (std::vector<long>{0, 5, 15, 35, 75, 155, 315, 615, 915, 1215}));
}

TEST_F(FailureNotices, come_at_once_for_another_reason) {
  EXPECT_TRUE(due_at(0s, "refused"));
  EXPECT_TRUE(due_at(1s, "no such database"));
  EXPECT_FALSE(due_at(2s, "no such database"));
  EXPECT_TRUE(due_at(6s, "no such database")) << "the interval begins again";
  EXPECT_TRUE(due_at(7s, "refused"));
}

TEST_F(FailureNotices, come_at_once_after_a_success) {
  EXPECT_TRUE(due_at(0s, "refused"));
  notice_.reset();
  EXPECT_TRUE(due_at(1s, "refused"));
  EXPECT_FALSE(due_at(2s, "refused"));
}

}  // namespace
}  // namespace ubiety
