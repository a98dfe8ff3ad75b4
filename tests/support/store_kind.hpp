// The two stores, for tests that run once with each.
#pragma once

#include <gtest/gtest.h>

#include <ostream>

#include "support/child_process.hpp"

namespace ubiety::test {

enum class StoreKind { sqlite, postgresql };

std::ostream& operator<<(std::ostream& out, StoreKind kind);

// Settings for a new, empty database of that kind: SQLite's is in the folder where the service runs, PostgreSQL's in
// the server that the process shares.
Environment with_new_database(StoreKind kind);

}  // namespace ubiety::test

#define UBIETY_WITH_EACH_STORE(suite)                                                                               \
  INSTANTIATE_TEST_SUITE_P(Stores, suite,                                                                           \
                           ::testing::Values(ubiety::test::StoreKind::sqlite, ubiety::test::StoreKind::postgresql), \
                           ::testing::PrintToStringParamName())
