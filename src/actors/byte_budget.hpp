// A limit on the bytes that all holders together hold for one purpose. Any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace ubiety {

class ByteBudget {
 public:
  class Share;

  explicit ByteBudget(std::int64_t capacity) : capacity_(capacity) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  std::int64_t held() const { return held_.load(std::memory_order_relaxed); }
  std::int64_t capacity() const { return capacity_; }

  // Whether so many more bytes fit. An empty budget has room for any amount, so that no request is refused for ever.
  bool has_room_for(std::int64_t bytes) const {
    const auto now = held();
    return now == 0 || now + bytes <= capacity_;
  }

 private:
  const std::int64_t capacity_;
  std::atomic<std::int64_t> held_{0};
};

// One holder's share of a budget. The budget outlives it. Several threads may grow it at the same time.
class ByteBudget::Share {
 public:
  explicit Share(ByteBudget& budget) : budget_(budget) {}
  ~Share() { budget_.held_.fetch_sub(bytes(), std::memory_order_relaxed); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  // Takes so many more bytes. Returns false, and takes none, when the budget is full. The only share can always grow.
  bool grow(std::int64_t more) {
    bytes_.fetch_add(more);
    const auto all = budget_.held_.fetch_add(more) + more;
    // `bytes_` is raised first and read last, so it includes all that this share added to `all`.
    if (all <= budget_.capacity_ || all <= bytes_.load()) return true;
    shrink(more);
    return false;
  }

  // Returns so many bytes to the budget.
  void shrink(std::int64_t fewer) {
    budget_.held_.fetch_sub(fewer);
    bytes_.fetch_sub(fewer);
  }

  std::int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  ByteBudget& budget_;
  std::atomic<std::int64_t> bytes_{0};
};

}  // namespace ubiety
