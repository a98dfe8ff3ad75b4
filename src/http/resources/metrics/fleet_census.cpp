#include "http/resources/metrics/fleet_census.hpp"

#include <utility>

namespace ubiety::http {
namespace {

constexpr std::chrono::seconds good_for{1};

}  // namespace

FleetCensus::FleetCensus(EventLoop& loop, std::size_t shards, std::chrono::nanoseconds patience, Ask ask, Told told)
    : shards_(shards),
      patience_(patience),
      ask_(std::move(ask)),
      told_(std::move(told)),
      parts_(loop, [this](std::uint64_t number, ShardFleet&& part) { take_in(number, part); }) {}

const Fleet* FleetCensus::recent_or_ask(SteadyTime now) {
  if (last_ && now - last_at_ < good_for) return &*last_;
  // One that takes so long may never end: a shard failed in the middle of it.
  if (missing_shards_ == 0 || now - begun_ > good_for) begin(now);
  awaited_ = true;
  return nullptr;
}

void FleetCensus::begin(SteadyTime now) {
  ++number_;
  next_ = {{}, std::vector<std::uint64_t>(shards_)};
  missing_shards_ = shards_;
  begun_ = now;
  ask_(parts_.reply_to(number_));
}

void FleetCensus::take_in(std::uint64_t number, const ShardFleet& part) {
  if (number != number_) return;
  next_.counts += part.counts;
  next_.devices_of_shard[part.shard] = part.counts.devices;
  if (--missing_shards_ != 0) return;
  last_ = std::move(next_);
  last_at_ = begun_;
  if (std::exchange(awaited_, false)) told_(&*last_);
}

void FleetCensus::give_up_in_time(SteadyTime now) {
  if (!awaited_ || now - begun_ <= patience_) return;
  awaited_ = false;
  told_(nullptr);
}

}  // namespace ubiety::http
