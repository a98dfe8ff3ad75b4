// What PostgreSQL itself has, asked past the service, against what clients were told.
#pragma once

#include "support/postgres_server.hpp"
#include "support/recorded_load.hpp"

namespace ubiety::test {

struct StoredSet {
  std::size_t rows = 0;
  std::size_t false_200 = 0;   // acknowledged, and no row
  std::size_t unexpected = 0;  // a row that nobody sent, or of which the answer said that it is not stored
  std::size_t duplicated = 0;  // more than one row of one update
};

// Expects no fault of any kind. The database has nothing but what was recorded.
StoredSet check_stored_set(const PostgresServer& postgres, const Recording& recording);

}  // namespace ubiety::test
