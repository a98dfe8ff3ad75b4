// Which of a shard's devices changed since the checkpoint got them: a bit for each. One thread at a time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ubiety {

class ChangedDevices {
 public:
  void mark(std::size_t device) {
    if (device / bits >= words_.size()) words_.resize(device / bits + 1);
    words_[device / bits] |= bit_of(device);
  }

  // A collection passes over the devices once, in their order, and over those that there are now: what is marked behind
  // it is for the next.
  void begin_collection() {
    collected_ = 0;
    end_ = words_.size() * bits;
  }

  // Takes the marks off the next ones, no more than `most`, and tells them. False when there are no more.
  template <class Tell>
  bool collect(std::size_t most, Tell tell) {
    collected_ = next_marked(collected_);
    for (std::size_t told = 0; told < most && collected_ < end_; ++told) {
      words_[collected_ / bits] &= ~bit_of(collected_);
      tell(collected_);
      collected_ = next_marked(collected_ + 1);
    }
    return collected_ < end_;
  }

 private:
  static constexpr std::size_t bits = 64;

  static std::uint64_t bit_of(std::size_t device) { return std::uint64_t{1} << (device % bits); }

  // From `device` on; end_ when there is none.
  std::size_t next_marked(std::size_t device) const {
    while (device < end_) {
      const auto left = words_[device / bits] >> (device % bits);
      if (left != 0) return device + static_cast<std::size_t>(std::countr_zero(left));
      device = (device / bits + 1) * bits;
    }
    return end_;
  }

  std::vector<std::uint64_t> words_;
  std::size_t collected_ = 0, end_ = 0;
};

}  // namespace ubiety
