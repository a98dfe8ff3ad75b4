// The actor that a shard is: see Shard for what it does, and ShardActor for its protocol.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "actors/interfaces.hpp"
#include "actors/service_state.hpp"
#include "actors/shard/latest_view.hpp"
#include "actors/shard/submission_intake.hpp"

namespace ubiety {

struct ShardOptions {
  std::uint32_t number;
  std::chrono::microseconds max_clock_skew;
  std::chrono::microseconds commit_linger;
  std::size_t remembered_histories;  // at most, see FollowedHistories
  SummaryEncoder encoder;
  WriterActor writer;
  std::vector<ReaderActor> readers;  // at least one
  ServiceState* state;
  LatestView* view;          // of this shard
  SubmissionIntake* intake;  // the same
  std::function<void(RecoverShard)> ask_for_recovery;
};

ShardActor::behavior_type shard(ShardActor::pointer self, ShardOptions options);

}  // namespace ubiety
