#include "storage/log/history_buckets.hpp"

namespace ubiety {

HistoryBuckets::HistoryBuckets(const BucketSpan& span) : span_(span) {
  const auto count = static_cast<std::int64_t>(span.count);
  const auto width = (span.to - span.from).count();
  const auto whole = width / count, rest = width % count;
  buckets_.reserve(span.count);
  // In two terms, because width * number may exceed 64 bits.
  for (std::int64_t number = 0; number < count; ++number) {
    const auto begins_after = number * whole + (number * rest + count - 1) / count;
    buckets_.push_back({.from = {span.from.microseconds + begins_after}});
  }
}

void HistoryBuckets::add(std::span<const Status> records) {
  for (const auto& record : records) {
    const auto time = record.timestamp;
    if (time < span_.from || time >= span_.to) continue;
    if (time < buckets_[last_].from || time >= end_of(last_)) {
      const auto next = std::upper_bound(buckets_.begin(), buckets_.end(), time,
                                         [](Timestamp wanted, const Bucket& bucket) { return wanted < bucket.from; });
      last_ = static_cast<std::size_t>(next - buckets_.begin()) - 1;
    }
    auto& bucket = buckets_[last_];
    ++bucket.records;
    bucket.online += record.online ? 1 : 0;
    bucket.battery_level.add(record.battery_level);
    bucket.rssi.add(record.rssi);
  }
}

}  // namespace ubiety
