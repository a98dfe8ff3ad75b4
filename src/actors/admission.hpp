// Admission control. An actor's mailbox has no bound, so whoever sends an update first takes a credit here, by count
// and by bytes, and of all shards together as well as of its own: devices that all fall to one shard do not shut out
// the others. The bytes of a request that has not come whole yet count too.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "domain/result.hpp"

namespace ubiety {

// What is on its way, or may be. `bytes` are those of the requests' bodies.
struct Weight {
  std::int64_t updates = 0;  // below 2^23
  std::int64_t bytes = 0;    // below 2^40
};

// What a refused request has met.
enum class Limit { updates, bytes, shard_updates, shard_bytes };

// Any thread.
class CreditPool {
 public:
  enum class Verdict { taken, too_many_updates, too_many_bytes };

  explicit CreditPool(Weight capacity) : capacity_(capacity) {}

  // Takes all of `more` or nothing, for one who has `own` already. Who is alone takes whatever it wants, so that
  // nothing is refused for ever.
  Verdict take(Weight more, Weight own = {}) {
    const auto before = unpacked(in_flight_.fetch_add(packed(more), std::memory_order_relaxed));
    const auto bytes = own.bytes + more.bytes;
    const bool too_many_updates = before.updates != own.updates && before.updates + more.updates > capacity_.updates;
    const bool too_many_bytes = before.bytes != own.bytes && before.bytes + more.bytes > most_bytes_for(bytes);
    if (!too_many_updates && !too_many_bytes) return Verdict::taken;
    give_back(more);
    return too_many_updates ? Verdict::too_many_updates : Verdict::too_many_bytes;
  }
  void give_back(Weight weight) { in_flight_.fetch_sub(packed(weight), std::memory_order_relaxed); }

  // Takes bytes that are there already, whatever the limit.
  void count(std::int64_t bytes) {
    bytes < 0 ? give_back({0, -bytes}) : void(in_flight_.fetch_add(packed({0, bytes}), std::memory_order_relaxed));
  }
  // Whether one who has counted so many may keep them: all are within the limit, or there are no others.
  bool may_keep(std::int64_t bytes) const {
    const auto all = in_flight().bytes;
    return all == bytes || all <= std::min(most_bytes_for(bytes), capacity_.bytes / 8 * 7);
  }

  Weight in_flight() const { return unpacked(in_flight_.load(std::memory_order_relaxed)); }
  Weight capacity() const { return capacity_; }

 private:
  // Large requests leave a quarter to small ones, and those that have not arrived whole leave an eighth to those that
  // have: uploads do not shut out single reports.
  static constexpr std::int64_t largest_small_request = 16 * 1024;
  std::int64_t most_bytes_for(std::int64_t bytes) const {
    return bytes <= largest_small_request ? capacity_.bytes : capacity_.bytes / 4 * 3;
  }

  // Both numbers in one, so that each update costs one atomic addition.
  static constexpr int byte_bits = 40;
  static std::uint64_t packed(Weight weight) {
    return (static_cast<std::uint64_t>(weight.updates) << byte_bits) | static_cast<std::uint64_t>(weight.bytes);
  }
  static Weight unpacked(std::uint64_t both) {
    return {static_cast<std::int64_t>(both >> byte_bits),
            static_cast<std::int64_t>(both & ((std::uint64_t{1} << byte_bits) - 1))};
  }

  const Weight capacity_;
  std::atomic<std::uint64_t> in_flight_{0};
};

// The right of updates to be on their way. It goes back when they are answered, or when whatever carried it dies.
class Credit {
 public:
  Credit() = default;
  Credit(Credit&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)),
        shard_pool_(std::exchange(other.shard_pool_, nullptr)),
        weight_(other.weight_) {}
  Credit& operator=(Credit&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(shard_pool_, other.shard_pool_);
    std::swap(weight_, other.weight_);
    return *this;
  }
  ~Credit() {
    if (shard_pool_ != nullptr) shard_pool_->give_back(weight_);
    if (pool_ != nullptr) pool_->give_back(weight_);
  }

  Weight weight() const { return weight_; }

  // Takes `part` out of it, as a credit of its own. Not after it was admitted to a shard.
  Credit split(Weight part) {
    weight_.updates -= part.updates;
    weight_.bytes -= part.bytes;
    return {*pool_, part};
  }

 private:
  friend class Admission;
  Credit(CreditPool& pool, Weight weight) : pool_(&pool), weight_(weight) {}

  CreditPool* pool_ = nullptr;
  CreditPool* shard_pool_ = nullptr;
  Weight weight_;
};

// What one connection holds of requests that have not come whole, as a part of all that is on its way. One thread at a
// time.
class UploadCredit {
 public:
  // `pool` outlives it.
  explicit UploadCredit(CreditPool& pool) : pool_(pool) {}
  ~UploadCredit() { set(0); }
  UploadCredit(const UploadCredit&) = delete;
  UploadCredit& operator=(const UploadCredit&) = delete;

  // So many bytes are held now.
  void set(std::size_t bytes) {
    const auto now = static_cast<std::int64_t>(bytes);
    if (now != bytes_) pool_.count(now - std::exchange(bytes_, now));
  }
  // Whether they may be: else the connection has to let go of them.
  bool is_within_limit() const { return bytes_ == 0 || pool_.may_keep(bytes_); }

 private:
  CreditPool& pool_;
  std::int64_t bytes_ = 0;
};

// Any thread. Outlives all credits.
class Admission {
 public:
  // `capacity`: what may be on its way at the same time, to all shards and to each.
  Admission(Weight capacity, std::uint32_t shards, Weight shard_capacity);

  // Before a request is parsed: gives the credit, or the limit that it meets.
  Result<Credit, Limit> admit(Weight weight);
  // Adds to a credit that has no shard yet; when it cannot, the credit stays as it was.
  std::optional<Limit> grow(Credit& credit, Weight more);
  // When its shard is known, for a credit that has none yet. nullopt when it is admitted there too.
  std::optional<Limit> admit_to_shard(std::uint32_t shard, Credit& credit);

  CreditPool& all() { return all_; }
  const CreditPool& all() const { return all_; }
  const CreditPool& of_shard(std::uint32_t shard) const { return shards_[shard].pool; }

 private:
  // A cache line each: they are written by different threads.
  struct alignas(64) ShardPool {
    explicit ShardPool(Weight capacity) : pool(capacity) {}
    CreditPool pool;
  };

  CreditPool all_;
  std::deque<ShardPool> shards_;
};

}  // namespace ubiety
