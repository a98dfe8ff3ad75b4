// The outcome of a call to the store: a value, or a failure that says what it means for the data. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "domain/result.hpp"

namespace ubiety {

struct StoreFailure {
  enum class Kind : std::uint8_t {
    unavailable,         // no connection, a full disk, a time-out. The outcome of a commit is then unknown
    rejected,            // the store refuses the data itself; nothing was committed
    no_connection_left,  // on opening: the store answers, but grants no further connection
  };
  Kind kind;
  std::string message;  // for the log, one line
};

template <class Value>
using StoreResult = Result<Value, StoreFailure>;

struct Done {};

}  // namespace ubiety
