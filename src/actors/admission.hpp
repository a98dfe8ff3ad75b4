// Admission control. An actor's mailbox has no bound, so whoever sends an update first takes a credit here.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

namespace ubiety {

class Admission;

// The right of one update to be on its way. It goes back when the update is answered, or when whatever carried it dies.
class Credit {
 public:
  Credit() = default;
  explicit Credit(Admission& admission) : admission_(&admission) {}
  Credit(Credit&& other) noexcept : admission_(std::exchange(other.admission_, nullptr)) {}
  Credit& operator=(Credit&& other) noexcept {
    std::swap(admission_, other.admission_);
    return *this;
  }
  inline ~Credit();

 private:
  Admission* admission_ = nullptr;
};

// Any thread. Outlives all credits.
class Admission {
 public:
  // `capacity`: how many updates may be on their way at the same time.
  explicit Admission(std::int64_t capacity) : capacity_(capacity) {}

  // nullopt when all credits are out.
  std::optional<Credit> admit() {
    if (in_flight_.fetch_add(1, std::memory_order_relaxed) < capacity_) return Credit(*this);
    in_flight_.fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }

  std::int64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }
  std::int64_t capacity() const { return capacity_; }

 private:
  friend class Credit;

  const std::int64_t capacity_;
  std::atomic<std::int64_t> in_flight_{0};
};

Credit::~Credit() {
  if (admission_ != nullptr) admission_->in_flight_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace ubiety
