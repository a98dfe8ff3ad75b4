// A shard's part of one search for the devices that need attention, done in slices. One thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "actors/requests.hpp"
#include "actors/shard/device_table.hpp"

namespace ubiety {

class AttentionScan {
 public:
  explicit AttentionScan(ReadAttention request) : request_(std::move(request)) {}

  // Does the next slice, which takes some tenths of a millisecond. Returns true
  // after the last slice, when the scan has replied.
  bool advance(const DeviceTable& table);

 private:
  struct Candidate {
    AttentionRank rank;
    std::uint32_t device = 0;

    friend bool operator<(const Candidate& left, const Candidate& right) { return left.rank < right.rank; }
  };

  bool matches(const DeviceTable& table, const Troubled& troubled) const;
  bool is_behind_page(const Troubled& troubled) const;
  void consider(const DeviceTable& table, const Troubled& troubled);
  void reply(const DeviceTable& table);

  const ReadAttention request_;
  std::optional<std::size_t> left_;  // devices that were not visited yet; visited from the last to the first
  std::vector<Candidate> best_;      // a heap whose first is the least bad
  std::uint64_t total_ = 0, problems_ = 0;
};

}  // namespace ubiety
