// A history as a chart shows it: a span of time in equal buckets, and of each how many records it has, between which
// values they lie, and how many say that the device was online. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "domain/status.hpp"

namespace ubiety {

struct BucketSpan {
  Timestamp from;         // inclusive
  Timestamp to;           // exclusive, later than `from`
  std::size_t count = 1;  // of buckets: at least 1, at most one a microsecond
};

class HistoryBuckets {
 public:
  // Of the values that were added.
  struct Extent {
    std::int16_t min = std::numeric_limits<std::int16_t>::max();
    std::int16_t max = std::numeric_limits<std::int16_t>::min();
    std::int64_t sum = 0;

    void add(std::int16_t value) {
      min = std::min(min, value);
      max = std::max(max, value);
      sum += value;
    }
    friend bool operator==(const Extent&, const Extent&) = default;
  };

  struct Bucket {
    Timestamp from;  // inclusive; the bucket ends where the next one begins
    std::uint64_t records = 0;
    std::uint64_t online = 0;        // of the records
    Extent battery_level{}, rssi{};  // percent; dBm. Without meaning if there are no records

    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  // Where the span cannot be divided evenly, a bucket begins with the next full microsecond.
  explicit HistoryBuckets(const BucketSpan& span);

  // Adds the records that lie in the span. Quickest for records in the order of their timestamps.
  void add(std::span<const Status> records);

  const BucketSpan& span() const { return span_; }
  const std::vector<Bucket>& buckets() const { return buckets_; }

 private:
  Timestamp end_of(std::size_t bucket) const {
    return bucket + 1 == buckets_.size() ? span_.to : buckets_[bucket + 1].from;
  }

  BucketSpan span_;
  std::vector<Bucket> buckets_;
  std::size_t last_ = 0;  // to which a record was added
};

}  // namespace ubiety
