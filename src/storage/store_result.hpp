// How calls to the store end: with a value, or with a failure that says what it means for the data.
#pragma once

#include <cstdint>
#include <string>

#include "domain/result.hpp"

namespace ubiety {

struct StoreFailure {
  enum class Kind : std::uint8_t {
    unavailable,         // no connection, a full disk, a time-out. Of a commit this means: perhaps it happened
    rejected,            // the store refuses this data for what it is; nothing was committed
    no_connection_left,  // of opening: the store answers, and grants no further connection
  };
  Kind kind;
  std::string message;  // for the log, one line
};

template <class Value>
using StoreResult = Result<Value, StoreFailure>;

struct Done {};

}  // namespace ubiety
