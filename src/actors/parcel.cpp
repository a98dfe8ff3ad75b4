#include "actors/parcel.hpp"

#include <algorithm>
#include <chrono>
#include <string>

namespace ubiety {
namespace {

tracing::Span child_of(const tracing::TraceContext& parent, std::string name, SteadyTime began, SteadyTime ended) {
  return {.context = {parent.trace_id, tracing::random_span_id(), true},
          .parent_id = parent.span_id,
          .name = std::move(name),
          .began = began,
          .ended = ended};
}

// Records two spans: the parcel's way through its shard, and the commit within.
void record_spans(const UpdateTrace& trace, std::uint32_t shard, const CommitTimes* commit, bool failed) {
  auto in_shard = child_of(trace.request, "shard", trace.submitted, std::chrono::steady_clock::now());
  in_shard.attributes = {{"ubiety.shard", std::int64_t{shard}}};
  in_shard.failed = failed;
  if (commit != nullptr) {
    auto span = child_of(in_shard.context, "commit", commit->began, commit->ended);
    span.attributes = {{"ubiety.batch.updates", static_cast<std::int64_t>(commit->updates)}};
    span.failed = failed;
    trace.tracer.record(std::move(span));
  }
  trace.tracer.record(std::move(in_shard));
}

bool is_durable(const ParcelUpdate& each) {
  using enum UpdateOutcome;
  return each.outcome == stored || each.outcome == late || each.outcome == duplicate;
}

}  // namespace

void answer(ParcelPointer parcel, const CommitTimes* commit) {
  if (parcel->trace) {
    const auto updates = parcel->updates();
    const bool failed = std::none_of(updates.begin(), updates.end(), is_durable);
    record_spans(*parcel->trace, parcel->shard, commit, failed);
  }
  const auto reply = parcel->reply;
  reply(std::move(parcel));
}

void answer_without_commit(ParcelPointer parcel, UpdateOutcome outcome) {
  parcel->set_outcome_of_all(outcome);
  answer(std::move(parcel), nullptr);
}

}  // namespace ubiety
