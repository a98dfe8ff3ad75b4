#include "http/dispatcher.hpp"

#include <caf/send.hpp>

#include <memory>
#include <utility>

#include "actors/shard/device_table.hpp"

namespace ubiety::http {

std::uint32_t Dispatcher::shard_of(const DeviceId& device_id) const {
  return ubiety::shard_of(device_id, static_cast<std::uint32_t>(updates_.size()));
}

void Dispatcher::submit(Submission submission) {
  last_received_ = submission.update.status.received;
  updates_[shard_of(submission.update.device_id)].push_back(std::move(submission));
}

void Dispatcher::submit(std::shared_ptr<UpdateGroup> group) {
  last_received_ = group->updates.back().status.received;
  const auto shard = group->shard;
  caf::anon_send(engine_.shards()[shard], SubmitGroup{std::move(group)});
}

void Dispatcher::read_latest(LatestQuery query) { queries_[shard_of(query.device_id)].push_back(std::move(query)); }

void Dispatcher::read_history(ReadHistory request) {
  const auto shard = shard_of(request.query.device_id);
  caf::anon_send(engine_.shards()[shard], std::move(request));
}

void Dispatcher::read_summary(const ReadSummary& request) {
  for (const auto& shard : engine_.shards()) caf::anon_send(shard, request);
}

void Dispatcher::count_fleet(Timestamp stale_before, const Reply<ShardFleet>& reply) {
  for (const auto& shard : engine_.shards()) caf::anon_send(shard, CountFleet{stale_before, reply});
}

void Dispatcher::flush(bool more_expected) {
  for (std::size_t shard = 0; shard < updates_.size(); ++shard) {
    if (!updates_[shard].empty())
      engine_.submit(static_cast<std::uint32_t>(shard), std::move(updates_[shard]), more_expected);
    if (!queries_[shard].empty())
      caf::anon_send(engine_.shards()[shard],
                     ReadLatest{std::make_shared<std::vector<LatestQuery>>(std::move(queries_[shard]))});
    updates_[shard].clear();
    queries_[shard].clear();
  }
  if (last_received_) engine_.state().receipts().set_handed_over(*std::exchange(last_received_, std::nullopt));
}

}  // namespace ubiety::http
