#include "http/resources/metrics/fleet_census.hpp"

#include <utility>

namespace ubiety::http {
namespace {

constexpr std::chrono::seconds max_age{1};

}  // namespace

FleetCensus::FleetCensus(EventLoop& loop, std::size_t shards, std::chrono::nanoseconds timeout, Request request,
                         OnResult on_result)
    : shards_(shards),
      timeout_(timeout),
      request_(std::move(request)),
      on_result_(std::move(on_result)),
      parts_(loop, [this](std::uint64_t number, ShardFleet&& part) { take_in(number, part); }) {}

const Fleet* FleetCensus::recent_or_request(SteadyTime now) {
  if (last_ && now - last_at_ < max_age) return &*last_;
  // A census that takes so long may never end, because a shard failed during it.
  if (missing_shards_ == 0 || now - begun_ > max_age) begin(now);
  is_awaited_ = true;
  return nullptr;
}

void FleetCensus::begin(SteadyTime now) {
  ++number_;
  next_ = {{}, std::vector<std::uint64_t>(shards_)};
  missing_shards_ = shards_;
  begun_ = now;
  request_(parts_.reply_to(number_));
}

void FleetCensus::take_in(std::uint64_t number, const ShardFleet& part) {
  if (number != number_) return;
  next_.counts += part.counts;
  next_.devices_of_shard[part.shard] = part.counts.devices;
  if (--missing_shards_ != 0) return;
  last_ = std::move(next_);
  last_at_ = begun_;
  if (std::exchange(is_awaited_, false)) on_result_(&*last_);
}

void FleetCensus::expire(SteadyTime now) {
  if (!is_awaited_ || now - begun_ <= timeout_) return;
  is_awaited_ = false;
  on_result_(nullptr);
}

}  // namespace ubiety::http
