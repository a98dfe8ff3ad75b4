// Failures that tests inject into a store or a spool. Any thread.
#pragma once

#include <cstdint>

#include "storage/store.hpp"

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

// What happens to a call.
enum class Fault : std::uint8_t {
  none,
  before,     // unavailable: the call has no effect
  after,      // unavailable: the call has its full effect, of which the caller does not learn
  rejection,  // rejected: the call has no effect
};

// Returns what `call()` returns, unless `fault` says otherwise.
template <class Call>
auto with_fault(Fault fault, Call call) -> decltype(call()) {
  if (fault == Fault::rejection) return rejected();
  if (fault == Fault::before) return unavailable();
  auto outcome = call();
  if (fault == Fault::after && outcome) return unavailable();
  return outcome;
}

// The notice of a connection whose availability is of no interest.
inline bool unnoticed(bool) { return false; }

}  // namespace ubiety::test
