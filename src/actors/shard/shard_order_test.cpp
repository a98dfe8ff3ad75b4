// Properties of the shard in actors/shard/shard.hpp: whatever the order of arrival and however updates fall into
// batches, the latest map, the history and the checkpoint come out the same.
#include "actors/shard/shard.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::Updates;
using Latest = std::map<DeviceId, Status>;

const DeviceId device_names[] = {"a", "b", "c"};

bool status_before(const Status& left, const Status& right) {
  const auto key = [](const Status& s) {
    return std::tuple(s.timestamp, s.received, s.battery_level, s.rssi, s.online);
  };
  return key(left) < key(right);
}

struct StatusBefore {
  bool operator()(const StatusUpdate& left, const StatusUpdate& right) const {
    if (left.device_id != right.device_id) return left.device_id < right.device_id;
    return status_before(left.status, right.status);
  }
};

// Few devices and few times, so that ties, repetitions and late reports abound. Each has its own time of receipt.
Updates any_updates() {
  auto statuses = *rc::gen::container<std::vector<Status>>(test::any_status());
  Updates updates;
  for (auto& status : statuses) {
    status.received = noon + std::chrono::microseconds(updates.size());
    updates.push_back({device_names[*rc::gen::inRange(0, 3)], status});
  }
  return updates;
}

Updates shuffled(Updates updates) {
  for (std::size_t i = updates.size(); i > 1; --i)
    std::swap(updates[i - 1], updates[*rc::gen::inRange<std::size_t>(0, i)]);
  return updates;
}

// A shard, and a writer that is done at times of its own.
class Service : public test::DrivenShard {
 public:
  void run(const Updates& arriving) {
    Updates together;
    for (const auto& update : arriving) {
      together.push_back(update);
      if (*rc::gen::inRange(0, 3) == 0) submit_each(std::exchange(together, {}));
      if (*rc::gen::inRange(0, 4) == 0) finish();
    }
    if (!together.empty()) submit_each(together);
    while (!batches.empty()) finish();
  }

  Latest latest_of_all() {
    Latest all;
    for (const auto& device_id : device_names)
      if (const auto status = latest(device_id)) all[device_id] = *status;
    return all;
  }

  // What was written so far, a row for each device, time and values, as the store keeps them.
  const Latest& last_written_of_each() const { return written_; }
  bool wrote_twice_in_a_batch() const { return wrote_twice_; }

 private:
  void finish() {
    if (batches.empty()) return;
    const auto batch = std::move(batches.back());
    batches.pop_back();
    std::set<StatusUpdate, StatusBefore> rows;
    for (const auto* lane : {&batch->write.fresh, &batch->write.doubtful})
      for (const auto* update : *lane) {
        auto row = *update;
        row.status.received = {};
        wrote_twice_ |= !rows.insert(row).second;
        const auto [place, is_first] = written_.try_emplace(update->device_id, update->status);
        if (!is_first && newer_(update->status, place->second)) place->second = update->status;
      }
    shard().batch_done(*batch, true);
  }

  NewerThan newer_{test::seconds(300)};
  Latest written_;
  bool wrote_twice_ = false;
};

Latest latest_by_the_rule(const Updates& updates) {
  const NewerThan newer(test::seconds(300));
  Latest latest;
  for (const auto& [device_id, status] : updates) {
    const auto [place, is_first] = latest.try_emplace(device_id, status);
    if (!is_first && newer(status, place->second)) place->second = status;
  }
  return latest;
}

RC_GTEST_PROP(ShardOrder, has_the_same_latest_in_any_order_and_any_batches, ()) {
  const auto updates = any_updates();
  Service in_order, disordered;
  in_order.run(updates);
  disordered.run(shuffled(updates));
  RC_ASSERT(in_order.latest_of_all() == latest_by_the_rule(updates));
  RC_ASSERT(disordered.latest_of_all() == in_order.latest_of_all());
}

RC_GTEST_PROP(ShardOrder, writes_what_a_restart_needs_for_the_same_latest, ()) {
  Service service;
  service.run(shuffled(any_updates()));
  RC_ASSERT(service.last_written_of_each() == service.latest_of_all());
  RC_ASSERT(!service.wrote_twice_in_a_batch());
}

RC_GTEST_PROP(ShardOrder, loads_the_same_latest_from_checkpoint_and_history, ()) {
  const auto updates = any_updates();
  const auto split = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, updates.size() + 1));
  Updates checkpoint;
  for (const auto& [device_id, status] : latest_by_the_rule({updates.begin(), updates.begin() + split}))
    checkpoint.push_back({device_id, status});
  Service restarted;
  restarted.shard().load(checkpoint, Origin::checkpoint);
  restarted.shard().load(shuffled(updates), Origin::history);
  RC_ASSERT(restarted.latest_of_all() == latest_by_the_rule(updates));
}

RC_GTEST_PROP(ShardOrder, collects_changes_that_make_up_the_latest, ()) {
  const auto updates = any_updates();
  const auto split = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, updates.size() + 1));
  Service service;
  Latest checkpoint;
  for (const auto& part :
       {Updates(updates.begin(), updates.begin() + split), Updates(updates.begin() + split, updates.end())}) {
    service.run(part);
    const auto changes = service.shard().collect_changes({noon, test::all_changes});
    for (const auto& [device_id, status] : *changes.statuses) checkpoint[device_id] = status;
    RC_ASSERT(checkpoint == service.latest_of_all());
  }
}

}  // namespace
}  // namespace ubiety
