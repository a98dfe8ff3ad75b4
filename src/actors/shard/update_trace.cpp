#include "actors/shard/update_trace.hpp"

#include <chrono>

namespace ubiety {
namespace {

tracing::Span child_of(const tracing::TraceContext& parent, std::string name, SteadyTime began, SteadyTime ended) {
  return {.context = {parent.trace_id, tracing::random_span_id(), true},
          .parent_id = parent.span_id,
          .name = std::move(name),
          .began = began,
          .ended = ended};
}

std::int64_t size_of(const WriteBatch& write) {
  return static_cast<std::int64_t>(write.fresh.size() + write.doubtful.size());
}

}  // namespace

void record_spans(const UpdateTrace& trace, std::uint32_t shard, const Batch* batch, bool failed) {
  auto in_shard = child_of(trace.request, "shard", trace.submitted, std::chrono::steady_clock::now());
  in_shard.attributes = {{"ubiety.shard", std::int64_t{shard}}};
  in_shard.failed = failed;
  if (batch != nullptr) {
    auto commit = child_of(in_shard.context, "commit", batch->commit_began, batch->commit_ended);
    commit.attributes = {{"ubiety.batch.updates", size_of(batch->write)}};
    commit.failed = failed;
    trace.tracer.record(std::move(commit));
  }
  trace.tracer.record(std::move(in_shard));
}

}  // namespace ubiety
