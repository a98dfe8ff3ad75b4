// Admission control. A shard's queue has no bound of its own, so an update needs a credit before it is submitted.
// Credits are limited by count and by bytes, for all shards together and for each, so that the devices of one shard do
// not shut out the others. The bytes of a request that has not arrived whole count too. Bytes that wait for a client
// to read them have a budget.
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

// An amount of updates in flight. `bytes` are those of the requests' bodies.
struct Load {
  std::int64_t updates = 0;  // below 2^23
  std::int64_t bytes = 0;    // below 2^40
};

// The limit that a refused request exceeds.
enum class AdmissionLimit { updates, bytes, shard_updates, shard_bytes };

// Any thread.
class CreditPool {
 public:
  enum class Verdict { taken, too_many_updates, too_many_bytes };

  explicit CreditPool(Load capacity) : capacity_(capacity) {}

  // Takes all of `more` or nothing, for a holder that has `own` already. The only holder may take any amount, so that
  // no request is refused for ever.
  Verdict take(Load more, Load own = {}) {
    const auto before = unpacked(in_flight_.fetch_add(packed(more), std::memory_order_relaxed));
    const auto bytes = own.bytes + more.bytes;
    const bool too_many_updates = before.updates != own.updates && before.updates + more.updates > capacity_.updates;
    const bool too_many_bytes = before.bytes != own.bytes && before.bytes + more.bytes > most_bytes_for(bytes);
    if (!too_many_updates && !too_many_bytes) return Verdict::taken;
    give_back(more);
    return too_many_updates ? Verdict::too_many_updates : Verdict::too_many_bytes;
  }
  void give_back(Load load) { in_flight_.fetch_sub(packed(load), std::memory_order_relaxed); }

  // Counts bytes that are held already, even beyond the limit; negative bytes when they are released.
  void count(std::int64_t bytes) {
    bytes < 0 ? give_back({0, -bytes}) : void(in_flight_.fetch_add(packed({0, bytes}), std::memory_order_relaxed));
  }
  // Whether a holder that counted so many bytes may keep them: all holders are within the limit, or it is the only one.
  bool may_keep(std::int64_t bytes) const {
    const auto all = in_flight().bytes;
    return all == bytes || all <= std::min(most_bytes_for(bytes), capacity_.bytes / 8 * 7);
  }

  Load in_flight() const { return unpacked(in_flight_.load(std::memory_order_relaxed)); }
  Load capacity() const { return capacity_; }

 private:
  // Large requests leave a quarter to small ones, and requests that have not arrived whole leave an eighth to those
  // that have: uploads do not shut out single reports.
  static constexpr std::int64_t largest_small_request = 16 * 1024;
  std::int64_t most_bytes_for(std::int64_t bytes) const {
    return bytes <= largest_small_request ? capacity_.bytes : capacity_.bytes / 4 * 3;
  }

  // Both numbers are packed into one, so that each update costs one atomic addition.
  static constexpr int byte_bits = 40;
  static std::uint64_t packed(Load load) {
    return (static_cast<std::uint64_t>(load.updates) << byte_bits) | static_cast<std::uint64_t>(load.bytes);
  }
  static Load unpacked(std::uint64_t both) {
    return {static_cast<std::int64_t>(both >> byte_bits),
            static_cast<std::int64_t>(both & ((std::uint64_t{1} << byte_bits) - 1))};
  }

  const Load capacity_;
  std::atomic<std::uint64_t> in_flight_{0};
};

// The right of updates to be in flight. It returns to its pools when it is destroyed.
class Credit {
 public:
  Credit() = default;
  Credit(Credit&& other) noexcept
      : pool_(std::exchange(other.pool_, nullptr)),
        shard_pool_(std::exchange(other.shard_pool_, nullptr)),
        load_(other.load_) {}
  Credit& operator=(Credit&& other) noexcept {
    std::swap(pool_, other.pool_);
    std::swap(shard_pool_, other.shard_pool_);
    std::swap(load_, other.load_);
    return *this;
  }
  ~Credit() {
    if (shard_pool_ != nullptr) shard_pool_->give_back(load_);
    if (pool_ != nullptr) pool_->give_back(load_);
  }

  Load load() const { return load_; }

  // Splits off `part` as a credit of its own. Not after it was admitted to a shard.
  Credit split(Load part) {
    load_.updates -= part.updates;
    load_.bytes -= part.bytes;
    return {*pool_, part};
  }

 private:
  friend class Admission;
  Credit(CreditPool& pool, Load load) : pool_(&pool), load_(load) {}

  CreditPool* pool_ = nullptr;
  CreditPool* shard_pool_ = nullptr;
  Load load_;
};

// The bytes that one connection holds of requests that have not arrived whole. One thread at a time.
class UploadCredit {
 public:
  // `pool` outlives it.
  explicit UploadCredit(CreditPool& pool) : pool_(pool) {}
  ~UploadCredit() { set(0); }
  UploadCredit(const UploadCredit&) = delete;
  UploadCredit& operator=(const UploadCredit&) = delete;

  // Sets how many bytes the connection holds now.
  void set(std::size_t bytes) {
    const auto now = static_cast<std::int64_t>(bytes);
    if (now != bytes_) pool_.count(now - std::exchange(bytes_, now));
  }
  // Whether the connection may hold them; else it has to drop them.
  bool is_within_limit() const { return bytes_ == 0 || pool_.may_keep(bytes_); }

 private:
  CreditPool& pool_;
  std::int64_t bytes_ = 0;
};

// Any thread. Outlives all credits.
class Admission {
 public:
  // The capacities limit what is in flight: to all shards, and to each.
  Admission(Load capacity, std::uint32_t shards, Load shard_capacity) : all_(capacity) {
    for (std::uint32_t shard = 0; shard < shards; ++shard) shards_.emplace_back(shard_capacity);
  }

  // Call it before a request is parsed. Returns the credit, or the limit that the request exceeds.
  Result<Credit, AdmissionLimit> admit(Load load) {
    Credit credit(all_, {});
    if (const auto limit = grow(credit, load)) return Failure{*limit};
    return credit;
  }

  // Adds to a credit that has no shard yet. On failure the credit stays as it was.
  std::optional<AdmissionLimit> grow(Credit& credit, Load more) {
    switch (all_.take(more, credit.load_)) {
      case CreditPool::Verdict::too_many_updates: return AdmissionLimit::updates;
      case CreditPool::Verdict::too_many_bytes: return AdmissionLimit::bytes;
      case CreditPool::Verdict::taken: credit.load_.updates += more.updates; credit.load_.bytes += more.bytes;
    }
    return std::nullopt;
  }

  // Call it when the shard is known, for a credit that has none yet. Returns nullopt when it is admitted there too.
  std::optional<AdmissionLimit> admit_to_shard(std::uint32_t shard, Credit& credit) {
    auto& pool = shards_[shard].pool;
    switch (pool.take(credit.load_)) {
      case CreditPool::Verdict::too_many_updates: return AdmissionLimit::shard_updates;
      case CreditPool::Verdict::too_many_bytes: return AdmissionLimit::shard_bytes;
      case CreditPool::Verdict::taken: credit.shard_pool_ = &pool;
    }
    return std::nullopt;
  }

  CreditPool& all() { return all_; }
  const CreditPool& all() const { return all_; }
  const CreditPool& of_shard(std::uint32_t shard) const { return shards_[shard].pool; }

 private:
  // A cache line each, because different threads write them.
  struct alignas(64) ShardPool {
    explicit ShardPool(Load capacity) : pool(capacity) {}
    CreditPool pool;
  };

  CreditPool all_;
  std::deque<ShardPool> shards_;
};

// A limit on the bytes that all holders together hold for one purpose. Any thread.
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
