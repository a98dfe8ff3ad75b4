// The failures that tests inject into a store or a spool, and a notice for connections to them. Any thread.
#pragma once

#include "storage/store_result.hpp"

namespace ubiety::test {

inline Failure<StoreFailure> unavailable() {
  return {StoreFailure{StoreFailure::Kind::unavailable, "unavailable, injected by the test"}};
}
inline Failure<StoreFailure> rejected() {
  return {StoreFailure{StoreFailure::Kind::rejected, "rejected, injected by the test"}};
}
inline Failure<StoreFailure> no_connection_left() {
  return {StoreFailure{StoreFailure::Kind::no_connection_left, "no connection left, injected by the test"}};
}

// The notice of a connection whose availability is of no interest.
inline bool unnoticed(bool) { return false; }

}  // namespace ubiety::test
