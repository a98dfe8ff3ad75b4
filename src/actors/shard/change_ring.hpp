// Which devices of a shard changed last, in the order of their changes. Streams read it, see FeedReader. A change costs
// one store. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ubiety {

// Changes are numbered from 0 in their order, and have 4 bytes each. The ring keeps about as many as there are devices:
// a reader that missed more is served sooner by a pass over all devices.
class ChangeRing {
 public:
  static constexpr std::size_t fewest = 16'384, most = 262'144;  // powers of two

  // The device with this number changed.
  void note(std::uint32_t device) {
    if (device >= entries_.size() && entries_.size() < most) grow();
    entries_[place_of(end_)] = device;
    ++end_;
  }

  // The number of the oldest change that is kept, and the number that the next change will have.
  std::uint64_t begin() const { return std::max(begin_, end_ - std::min<std::uint64_t>(end_, entries_.size())); }
  std::uint64_t end() const { return end_; }

  // Whether all changes from this one on are kept.
  bool knows(std::uint64_t change) const { return begin() <= change && change <= end_; }

  // The device of a change that is kept.
  std::uint32_t at(std::uint64_t change) const { return entries_[place_of(change)]; }

  // Continues the numbers of an earlier ring, none of whose changes is kept. A reader that knows them all has still
  // missed one.
  void continue_after(std::uint64_t end) { begin_ = end_ = end + 1; }

 private:
  std::size_t place_of(std::uint64_t change) const { return change & (entries_.size() - 1); }

  void grow() {
    std::vector<std::uint32_t> larger(entries_.size() * 2);
    for (auto change = begin(); change < end_; ++change) larger[change & (larger.size() - 1)] = at(change);
    begin_ = begin();
    entries_.swap(larger);
  }

  std::vector<std::uint32_t> entries_ = std::vector<std::uint32_t>(fewest);
  std::uint64_t begin_ = 0, end_ = 0;
};

}  // namespace ubiety
