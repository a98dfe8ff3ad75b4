// Which of a shard's devices the clients of a channel may have, a bit a device: so that they are told which device no
// longer matches their filter. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ubiety {

class MatchMemory {
 public:
  // The device matches now, or does not. Returns whether it left: it does not match, and clients may have it. A device
  // that was not learned yet, they may have.
  bool note(std::uint32_t device, bool matches) {
    if (device >= matched_.size()) return !matches;
    const bool did_match = matched_[device];
    matched_[device] = matches;
    return did_match && !matches;
  }

  // Learns the next `most` of so many devices. Call it when all changes so far are noted. Returns whether all are
  // learned.
  template <class Matches>
  bool learn(std::size_t devices, std::size_t most, Matches matches) {
    for (std::size_t learned = 0; learned < most && matched_.size() < devices; ++learned)
      matched_.push_back(matches(static_cast<std::uint32_t>(matched_.size())));
    return matched_.size() == devices;
  }

  // Looks at the next `most` devices, in turn. Calls changed(device, matches) for those that match, or no longer do,
  // without a change of theirs.
  template <class Matches, class Changed>
  void look_again(std::size_t most, Matches matches, Changed changed) {
    for (std::size_t looked = 0; looked < std::min(most, matched_.size()); ++looked, ++next_) {
      if (next_ >= matched_.size()) next_ = 0;
      const auto device = static_cast<std::uint32_t>(next_);
      const bool does_match = matches(device);
      if (matched_[device] == does_match) continue;
      matched_[device] = does_match;
      changed(device, does_match);
    }
  }

 private:
  std::vector<bool> matched_;  // by the device's number; of those that are learned
  std::size_t next_ = 0;       // to look at again
};

}  // namespace ubiety
