// The merger moves the shards' tails from the log into the history, and compacts closed days: see spawn.hpp. A merge
// reads a MergeCursor. The merger's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "actors/messages.hpp"
#include "storage/log/merge_plan.hpp"

namespace ubiety {

// The unmerged updates of all shards, in the order of the device ids.
class MergeCursor final : public log::MergeSource {
 public:
  // Asks a shard, and blocks until it answers.
  using Ask = std::function<UnmergedDevices(std::size_t shard, const CollectUnmerged& request)>;
  // Called between two slices, to pace the merge: the slice took `busy` in the store. Returns false to end the merge.
  using Pause = std::function<bool(std::chrono::steady_clock::duration busy)>;

  MergeCursor(std::size_t shards, Ask ask, Pause pause)
      : ask_(std::move(ask)), pause_(std::move(pause)), parts_(shards) {}

  void begin(const log::Positions& through, std::string_view after) override;
  std::vector<log::DeviceToMerge> next() override;

  // The updates that were returned since begin().
  std::uint64_t updates() const { return updates_; }

 private:
  // What was asked of one shard and is not returned yet.
  struct Part {
    std::deque<log::DeviceToMerge> devices;
    DeviceId reached;  // `devices` has all up to this one
    bool more = true;  // there may be others behind it
  };

  void refill(std::size_t shard);
  // The shard whose devices are known least far; nullopt if all are known.
  std::optional<std::size_t> shard_behind() const;
  void take_up_to(const DeviceId* last, std::vector<log::DeviceToMerge>& slice);

  // A slice costs a store some milliseconds at most.
  static constexpr std::size_t most_devices = 500, most_records = 5'000;

  const Ask ask_;
  const Pause pause_;
  std::vector<Part> parts_;
  std::shared_ptr<const log::Positions> through_;
  std::chrono::steady_clock::time_point returned_{};
  std::uint64_t updates_ = 0;
};

}  // namespace ubiety
