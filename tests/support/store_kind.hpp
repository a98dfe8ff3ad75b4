// The two kinds of store, for tests that run with each. One thread.
#pragma once

#include <gtest/gtest.h>

#include <ostream>

#include "support/child_process.hpp"

namespace ubiety::test {

enum class StoreKind { sqlite, postgresql };

std::ostream& operator<<(std::ostream& out, StoreKind kind);

// Returns settings for a new, empty database. SQLite's is in the folder where the service runs, PostgreSQL's is in the
// server that all tests of the process share.
Environment with_new_database(StoreKind kind);

}  // namespace ubiety::test

#define UBIETY_WITH_EACH_STORE(suite)                                                                               \
  INSTANTIATE_TEST_SUITE_P(Stores, suite,                                                                           \
                           ::testing::Values(ubiety::test::StoreKind::sqlite, ubiety::test::StoreKind::postgresql), \
                           ::testing::PrintToStringParamName())
