// A clock at which it is always noon. Any thread.
#pragma once

#include "domain/clock.hpp"
#include "support/generators.hpp"

namespace ubiety::test {

class FixedClock final : public Clock {
 public:
  Timestamp now() const override { return noon; }
};

}  // namespace ubiety::test
