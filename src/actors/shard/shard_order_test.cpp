// Properties of the shard in actors/shard/shard.hpp: however updates fall into batches, and whenever they are merged,
// the latest map and what a restart loads come out the same.
#include "actors/shard/shard.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

using test::Updates;
using Latest = std::map<DeviceId, Status>;

const DeviceId device_names[] = {"a", "b", "c"};

// Few devices and few times, so that ties, repetitions and late reports abound. Times of receipt rise.
Updates any_updates() {
  auto statuses = *rc::gen::container<std::vector<Status>>(test::any_status());
  Updates updates;
  for (auto& status : statuses) {
    status.received = noon + std::chrono::microseconds(updates.size());
    updates.push_back({device_names[*rc::gen::inRange(0, 3)], status});
  }
  return updates;
}

bool are_the_same(const StatusUpdate& left, const StatusUpdate& right) {
  return left.device_id == right.device_id && same_report(left.status, right.status);
}

bool has(const Updates& updates, const StatusUpdate& update) {
  return std::any_of(updates.begin(), updates.end(), [&](const auto& each) { return are_the_same(each, update); });
}

// A shard, a writer that is done at times of its own, and merges at any time.
class Service : public test::DrivenShard {
 public:
  void run(const Updates& arriving) {
    Updates together;
    for (const auto& update : arriving) {
      together.push_back(update);
      if (*rc::gen::inRange(0, 3) == 0) submit_each(std::exchange(together, {}));
      if (*rc::gen::inRange(0, 4) == 0) finish();
      if (*rc::gen::inRange(0, 6) == 0) merge();
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

  // The rows that are not merged, as a restart loads them.
  const std::vector<Updates>& rows() const { return rows_; }
  // The latest statuses as of the last merge.
  const std::vector<log::LatestStatus>& merged_latest() const { return merged_latest_; }
  bool wrote_twice_in_a_batch() const { return wrote_twice_; }

 private:
  void finish() {
    if (batches.empty()) return;
    const auto batch = std::move(batches.back());
    batches.pop_back();
    settle_doubtful(*batch);
    Updates row;
    for (const auto* update : batch->write) {
      if (is_settled(*batch, *update)) continue;
      wrote_twice_ |= has(row, *update);
      row.push_back(*update);
    }
    rows_.push_back(row);
    batch->position = {stream, ++last_row};
    shard().batch_done(*batch, true);
  }

  // As the writer does, which asks the store.
  void settle_doubtful(Batch& batch) {
    for (const auto* doubtful : batch.doubtful)
      if (has(history_, *doubtful)) {
        for (const auto& parcel : batch.parcels)
          for (auto& each : parcel->updates())
            if (&each.update == doubtful) each.outcome = UpdateOutcome::duplicate;
        for (const auto& [update, row] : batch.repetitions)
          if (row == doubtful) update->outcome = UpdateOutcome::duplicate;
      }
  }
  bool is_settled(const Batch& batch, const StatusUpdate& update) const {
    return std::find(batch.doubtful.begin(), batch.doubtful.end(), &update) != batch.doubtful.end() &&
           has(history_, update);
  }

  void merge() {
    for (const auto& device : collect_all()) {
      for (const auto& record : device.records) history_.push_back({device.latest.update.device_id, record});
      std::erase_if(merged_latest_,
                    [&](const auto& one) { return one.update.device_id == device.latest.update.device_id; });
      merged_latest_.push_back(device.latest);
    }
    rows_.clear();
    drop_all();
  }

  Updates history_;  // what was merged
  std::vector<Updates> rows_;
  std::vector<log::LatestStatus> merged_latest_;
  bool wrote_twice_ = false;
};

// Of exact repetitions the first received counts.
Latest latest_by_the_rule(const Updates& updates) {
  const NewerThan newer(test::seconds(300));
  Latest latest;
  Updates seen;
  for (const auto& update : updates) {
    if (has(seen, update)) continue;
    seen.push_back(update);
    const auto [place, is_first] = latest.try_emplace(update.device_id, update.status);
    if (!is_first && newer(update.status, place->second)) place->second = update.status;
  }
  return latest;
}

RC_GTEST_PROP(ShardOrder, has_the_latest_of_the_rule_in_any_batches_and_merges, ()) {
  const auto updates = any_updates();
  Service service;
  service.run(updates);
  RC_ASSERT(service.latest_of_all() == latest_by_the_rule(updates));
  RC_ASSERT(!service.wrote_twice_in_a_batch());
}

RC_GTEST_PROP(ShardOrder, has_the_same_latest_after_a_restart, ()) {
  Service service, restarted;
  service.run(any_updates());
  for (const auto& latest : service.merged_latest()) restarted.load_latest(latest.update, latest.newest);
  std::int64_t sequence = 0;
  for (const auto& row : service.rows()) restarted.load({3, ++sequence}, row);
  RC_ASSERT(restarted.latest_of_all() == service.latest_of_all());
}

}  // namespace
}  // namespace ubiety
