// A batch of updates on its way: taken in, then waiting for the shards.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "http/pending_exchanges.hpp"
#include "http/resources/batch/batch_intake.hpp"
#include "http/resources/batch/batch_outcome.hpp"

namespace ubiety::http {

struct PendingBatch final : PendingState {
  PendingBatch(Service& service, json::BatchReader& reader, BatchRequest request, std::string_view body, Credit credit,
               std::size_t shards)
      : intake(service, reader, request, body, std::move(credit)), outcome(shards) {}

  BatchIntake intake;
  BatchOutcome outcome;
};

}  // namespace ubiety::http
