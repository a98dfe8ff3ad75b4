// A batch of updates on its way: taken in, then waiting for the shards.
#pragma once

#include "http/batch_intake.hpp"
#include "http/batch_outcome.hpp"

namespace ubiety::http {

struct PendingBatch {
  BatchIntake intake;
  BatchOutcome outcome;
};

}  // namespace ubiety::http
