// A shard to whom the test is writer, timer and clock. All tests of the shard's logic use it. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/shard/shard.hpp"
#include "actors/summary.hpp"
#include "support/answers.hpp"
#include "support/updates.hpp"

namespace ubiety::test {

using Updates = std::vector<StatusUpdate>;
using Outcomes = std::vector<UpdateOutcome>;

// Encodes nothing, for shards whose summary is not read.
inline constexpr SummaryEncoder unread{[](std::string&, std::string_view, const DeviceState&) {}, nullptr};

inline Updates copies_of(const UpdateList& list) {
  Updates updates;
  for (const auto* update : list) updates.push_back(*update);
  return updates;
}

// Returns a parcel without a reply.
inline ParcelPointer parcel_of(const Updates& updates) {
  if (updates.size() == 1) return std::make_unique<Parcel>(0, updates.front());
  auto parcel = std::make_unique<Parcel>(0);
  for (const auto& update : updates) parcel->add(update);
  return parcel;
}

// Returns a batch of one parcel. The writer is to ask for those of its updates that are `doubtful`, by their place.
inline std::shared_ptr<Batch> batch_of(const Updates& updates, const std::vector<std::size_t>& doubtful = {}) {
  auto batch = std::make_shared<Batch>();
  batch->parcels.push_back(parcel_of(updates));
  for (const auto& each : batch->parcels.front()->updates()) batch->write.push_back(&each.update);
  for (const auto place : doubtful) batch->doubtful.push_back(batch->write.at(place));
  return batch;
}

// Creates parcels, and collects their answers by ticket.
class ParcelSender {
 public:
  ParcelPointer parcel(const Updates& updates, Credit credit = {}) {
    auto parcel = parcel_of(updates);
    parcel->deadline = now + patience;
    parcel->reply = answers.reply_to(next_ticket++);
    parcel->credit = std::move(credit);
    return parcel;
  }

  // Returns nullopt before the answer.
  std::optional<Outcomes> outcomes_of(std::uint64_t ticket) const {
    const auto* answer = answers.find(ticket);
    if (answer == nullptr) return std::nullopt;
    Outcomes outcomes;
    for (const auto& each : (*answer)->updates()) outcomes.push_back(each.outcome);
    return outcomes;
  }
  // The same for a parcel of one update.
  std::optional<UpdateOutcome> outcome_of(std::uint64_t ticket) const {
    const auto outcomes = outcomes_of(ticket);
    return outcomes ? std::optional(outcomes->at(0)) : std::nullopt;
  }

  static constexpr std::chrono::seconds patience{5};

  SteadyTime now{};
  std::uint64_t next_ticket = 0;
  Answers<ParcelPointer> answers;
};

class DrivenShard : public ParcelSender {
 public:
  explicit DrivenShard(ShardOptions options = plain_options())
      : shard_(std::make_unique<Shard>(with(options), hooks())) {
    shard_->set_complete();
  }
  DrivenShard(const DrivenShard&) = delete;
  DrivenShard& operator=(const DrivenShard&) = delete;

  static ShardOptions plain_options() { return {0, NewerThan(seconds(300)), unread}; }

  // Submits a parcel. Returns its ticket.
  std::uint64_t submit(const Updates& updates, Credit credit = {}) {
    Parcels parcels;
    parcels.push_back(parcel(updates, std::move(credit)));
    submit(std::move(parcels));
    return next_ticket - 1;
  }
  void submit(Parcels&& parcels) {
    shard().submit(std::move(parcels));
    finish_passed();
  }
  // Submits a parcel for each update, all together. Returns the first ticket; the others follow it.
  std::uint64_t submit_each(const Updates& updates) {
    const auto first = next_ticket;
    Parcels parcels;
    for (const auto& update : updates) parcels.push_back(parcel({update}));
    submit(std::move(parcels));
    return first;
  }

  Batch& last_batch() { return *batches.back(); }
  void finish_last_batch(bool committed = true) {
    const auto batch = batches.back();
    if (committed) batch->position = {stream, ++last_row};
    shard().batch_done(*batch, committed);
    finish_passed();
  }
  void store(const Updates& updates) {
    submit_each(updates);
    finish_last_batch();
  }

  std::optional<Status> latest(const DeviceId& device_id) {
    const auto state = state_of(device_id);
    return state ? std::optional(state->status) : std::nullopt;
  }
  std::optional<DeviceState> state_of(const DeviceId& device_id) {
    Answers<std::optional<DeviceDetails>> latest;
    shard().read_latest({{device_id, latest.reply_to(0)}});
    const auto details = latest.of(0).value();
    return details ? std::optional(details->state) : std::nullopt;
  }

  // Lets the time pass while the service listens. Returns what the shard then finds.
  FleetChanges listen_for(std::chrono::seconds span) {
    ListeningMoment moment;
    for (std::chrono::seconds passed{0}; passed < span; ++passed) {
      now += std::chrono::seconds(1);
      moment = listening.tick(now, noon + std::chrono::floor<std::chrono::microseconds>(now - SteadyTime{}), true);
    }
    static const auto no_groups = std::make_shared<const std::vector<GroupNumber>>();
    return shard().find_changes({moment.now, noon, no_groups});
  }

  // Loads a row of the log, as a start does.
  void load(log::Position position, const Updates& updates) {
    LoadStored stored{nullptr, std::make_shared<std::vector<log::Row>>()};
    stored.rows->push_back({position, updates});
    shard().load(stored);
  }
  void load_latest(const StatusUpdate& update, std::optional<Timestamp> newest = {}) {
    LoadStored stored{std::make_shared<std::vector<log::LatestStatus>>(), nullptr};
    stored.latest->push_back({update, newest.value_or(update.status.timestamp), update.status.received});
    shard().load(stored);
  }

  // The statuses of the device's tail, the last applied first.
  std::vector<Status> tail_of(const DeviceId& device_id) {
    ReadHistory query{{device_id}, {}, {}};
    query.query.since = earliest_timestamp;  // the newest page may be answered at once
    std::vector<Status> statuses;
    if (!shard().answer_or_prepare(query))
      for (const auto& record : query.unmerged) statuses.push_back(record.status);
    return statuses;
  }

  // What a merge through all rows collects, in the order of the devices.
  std::vector<log::DeviceToMerge> collect_all() {
    const auto through = std::make_shared<log::Positions>();
    through->raise_to(log::Position{stream, last_row});
    std::vector<log::DeviceToMerge> devices;
    for (CollectUnmerged request{through, {}, 1'000};;) {
      const auto answer = shard().collect(request);
      devices.insert(devices.end(), answer.devices->begin(), answer.devices->end());
      if (!answer.more) return devices;
      request.after = answer.reached;
    }
  }
  void drop_all() {
    log::Positions merged;
    merged.raise_to(log::Position{stream, last_row});
    shard().drop_merged(merged);
  }

  Shard& shard() { return *shard_; }
  const Shard& shard() const { return *shard_; }
  void replace_shard() { shard_ = shard_->successor(); }
  // For a SupervisedShard, which owns the shard from then on.
  std::unique_ptr<Shard> release_shard() { return std::move(shard_); }

  static constexpr log::StreamId stream = 7;
  std::int64_t last_row = 0;  // of the stream
  std::atomic<bool> clients_may_send{false};
  HistoryChanges history_changes;
  Listening listening;
  Groups groups;
  std::vector<std::shared_ptr<Batch>> batches;    // sent to the writer
  std::vector<std::chrono::microseconds> delays;  // for which the shard asked to linger

 protected:
  ShardHooks hooks() {
    return {[this](std::shared_ptr<Batch> batch) { batches.push_back(std::move(batch)); },
            [this](std::shared_ptr<Batch> batch) { passed_.push_back(std::move(batch)); }, [this] { return now; },
            [this](std::chrono::microseconds delay) { delays.push_back(delay); }};
  }
  ShardOptions with(ShardOptions options) {
    options.clients_may_send = &clients_may_send;
    options.history_changes = &history_changes;
    listening.tick(now, noon, true);
    options.listening = &listening;
    options.groups = &groups;
    return options;
  }

  // Batches without a write come back at once.
  void finish_passed() {
    while (!passed_.empty()) {
      const auto batch = std::exchange(passed_, {}).front();
      shard().batch_done(*batch, true);
    }
  }

  std::unique_ptr<Shard> shard_;
  std::vector<std::shared_ptr<Batch>> passed_;
};

}  // namespace ubiety::test
