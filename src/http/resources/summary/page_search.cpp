#include "http/resources/summary/page_search.hpp"

#include <algorithm>
#include <numeric>

namespace ubiety::http {
namespace {

struct SampleOfShard {
  const SortSample* sample;
  std::size_t shard;
};

std::vector<SampleOfShard> samples_in_order(const std::vector<SampledShard>& shards, const SummarySort& sort) {
  std::vector<SampleOfShard> all;
  for (std::size_t shard = 0; shard < shards.size(); ++shard)
    for (const auto& sample : shards[shard].samples) all.push_back({&sample, shard});
  std::sort(all.begin(), all.end(), [&](const SampleOfShard& left, const SampleOfShard& right) {
    return sorts_before(left.sample->value, left.sample->device_id, right.sample->value, right.sample->device_id, sort);
  });
  return all;
}

// How many devices of each shard come up to a sample, at least and at most, as the samples are passed in their order.
class Counts {
 public:
  explicit Counts(const std::vector<SampledShard>& shards) : shards_(shards), passed_(shards.size(), 0) {
    for (std::size_t shard = 0; shard < shards.size(); ++shard) most_ += most_in(shard);
  }

  void pass(const SampleOfShard& sample) {
    const auto shard = sample.shard;
    least_ -= least_in(shard);
    most_ -= most_in(shard);
    ++passed_[shard];
    least_ += least_in(shard);
    most_ += most_in(shard);
  }

  std::size_t least() const { return least_; }
  std::size_t most() const { return most_; }
  std::size_t least_in(std::size_t shard) const {
    return passed_[shard] == 0 ? 0 : shards_[shard].samples[passed_[shard] - 1].count;
  }
  // All before the next sample.
  std::size_t most_in(std::size_t shard) const {
    const auto& [devices, samples] = shards_[shard];
    return passed_[shard] == samples.size() ? devices : samples[passed_[shard]].count - 1;
  }

 private:
  const std::vector<SampledShard>& shards_;
  std::vector<std::size_t> passed_;  // samples of each shard
  std::size_t least_ = 0, most_ = 0;
};

}  // namespace

bool sorts_before(std::int64_t left_value, std::string_view left_id, std::int64_t right_value,
                  std::string_view right_id, const SummarySort& sort) {
  if (left_value != right_value) return left_value < right_value;
  const bool is_falling = sort.is_descending && sort.by == SummarySort::By::device_id;
  return is_falling ? right_id < left_id : left_id < right_id;
}

std::vector<PlaceInShard> find_page(const std::vector<SampledShard>& shards, const SummarySort& sort,
                                    std::size_t offset, std::size_t limit) {
  std::vector<PlaceInShard> places;
  places.reserve(shards.size());
  for (const auto& shard : shards) places.push_back({0, shard.devices});
  Counts counts(shards);
  bool has_end = false;
  for (const auto& sample : samples_in_order(shards, sort)) {
    counts.pass(sample);
    if (counts.most() <= offset)
      for (std::size_t shard = 0; shard < shards.size(); ++shard) places[shard].begin = counts.least_in(shard);
    if (!has_end && counts.least() >= offset + limit) {
      has_end = true;
      for (std::size_t shard = 0; shard < shards.size(); ++shard) places[shard].end = counts.most_in(shard);
    }
  }
  return places;
}

}  // namespace ubiety::http
