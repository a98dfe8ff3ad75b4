// A sequence that grows at its end and never moves an element, for millions of small ones. It stands for std::deque,
// whose chunks of 512 bytes cost a twentieth more memory, and a division for each element looked up. One thread at a
// time.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace ubiety {

template <class Element>
class ChunkedVector {
 public:
  std::size_t size() const { return size_; }

  Element& operator[](std::size_t place) { return chunks_[place / chunk][place % chunk]; }
  const Element& operator[](std::size_t place) const { return chunks_[place / chunk][place % chunk]; }

  template <class... Arguments>
  Element& emplace_back(Arguments&&... arguments) {
    if (size_ == chunks_.size() * chunk) chunks_.emplace_back().reserve(chunk);
    auto& added = chunks_.back().emplace_back(std::forward<Arguments>(arguments)...);
    ++size_;
    return added;
  }

  // Adds copies until there are so many elements.
  void grow(std::size_t size, const Element& element = {}) {
    while (size_ < size) emplace_back(element);
  }

 private:
  static constexpr std::size_t chunk = 128;  // elements; larger chunks do not fit into holes of the heap

  std::vector<std::vector<Element>> chunks_;  // all but the last are full; none is ever reallocated
  std::size_t size_ = 0;
};

}  // namespace ubiety
