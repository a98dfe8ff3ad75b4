// A shard's part of one search for the devices that need attention: in their order, until a page is full. Who asks for
// a group or a prefix gets the number of all that match, so all are visited then, in slices. One thread at a time.
#pragma once

#include <cstddef>
#include <vector>

#include "actors/requests.hpp"
#include "actors/shard/device_table.hpp"

namespace ubiety {

class AttentionScan {
 public:
  explicit AttentionScan(ReadAttention request);

  // Does the next slice, which takes some tenths of a millisecond. Returns true
  // after the last slice, when the scan has replied.
  bool advance(const DeviceTable& table);

 private:
  struct Candidate {
    AttentionRank rank;
    std::uint32_t device = 0;

    friend bool operator<(const Candidate& left, const Candidate& right) { return left.rank < right.rank; }
  };

  bool counts_matches() const { return request_.query->group || !request_.query->prefix.empty(); }
  bool matches(const DeviceTable& table, std::uint32_t device) const;
  // Whether the page is full, and this place and those behind it are surely behind the page.
  bool is_behind_page(const AttentionPlace& place) const;
  void consider(const DeviceTable& table, const AttentionPlace& place);
  void reply(const DeviceTable& table);

  const ReadAttention request_;
  AttentionPlace next_;          // was not visited yet
  std::vector<Candidate> best_;  // a heap whose first is the least bad
  AttentionCount count_;         // of those that match
};

}  // namespace ubiety
