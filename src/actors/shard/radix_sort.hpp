// Sorts devices by a value and the rank of their id, in slices, so that other work has its turn in between. It is a
// radix sort from the last byte to the first (Knuth, The Art of Computer Programming, volume 3, 5.2.5). Bytes that all
// keys have in common are passed over. Takes 16 bytes a key more until it is finished. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "actors/sorted_devices.hpp"

namespace ubiety {

class RadixSort {
 public:
  using Key = SortedDevices::Key;

  // The keys outlive the sort. No two have the same rank.
  explicit RadixSort(std::vector<Key>& keys) : keys_(keys) { other_.reserve(keys.size()); }

  // Looks at about so many keys. Returns whether all are sorted.
  bool advance(std::size_t most);

 private:
  enum class Stage { compare, count, move, done };

  // A byte of the keys.
  struct Digit {
    bool is_of_value = false;  // else of the rank
    unsigned shift = 0;
  };

  std::size_t digit_of(const Key& key) const;
  // What the stage does with one key.
  void visit(const Key& key);
  void end_stage();
  void find_digits();
  void begin_digit();

  std::vector<Key>& keys_;
  std::vector<Key> other_;  // what the keys are moved to; swapped with them after each digit
  Stage stage_ = Stage::compare;
  std::size_t next_ = 0;  // key
  std::uint64_t different_values_ = 0;
  std::uint32_t different_ranks_ = 0;      // bits in which keys differ from the first
  std::vector<Digit> digits_;              // those to sort by; the next one is last
  std::array<std::size_t, 256> places_{};  // by digit: how many there are, then where the next one goes
};

}  // namespace ubiety
