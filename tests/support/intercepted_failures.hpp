// For tests of checkers: runs a check and counts its failures, which do not fail the test. One thread.
#pragma once

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace ubiety::test {

template <class Check>
int failures_of(Check check) {
  ::testing::TestPartResultArray results;
  const ::testing::ScopedFakeTestPartResultReporter reporter(
      ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results);
  check();
  return results.size();
}

}  // namespace ubiety::test
