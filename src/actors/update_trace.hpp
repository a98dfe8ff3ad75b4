// Follows updates of a traced request through the shard and the commit. Nothing of it exists for any other request.
#pragma once

#include <cstdint>
#include <memory>

#include "domain/clock.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety {

struct Batch;

struct UpdateTrace {
  tracing::Tracer& tracer;        // outlives all actors
  tracing::TraceContext request;  // whose spans they become
  SteadyTime submitted;
};

// Of one update, or of those of a request that go to one shard.
using UpdateTracePointer = std::unique_ptr<const UpdateTrace>;

// The shard is done with them: by this batch or, when it is nullptr, without a commit. Before they are replied to.
void record_spans(const UpdateTrace& trace, std::uint32_t shard, const Batch* batch, bool failed);

}  // namespace ubiety
