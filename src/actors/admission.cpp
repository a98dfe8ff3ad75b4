#include "actors/admission.hpp"

namespace ubiety {

Admission::Admission(Weight capacity, std::uint32_t shards, Weight shard_capacity) : all_(capacity) {
  for (std::uint32_t shard = 0; shard < shards; ++shard) shards_.emplace_back(shard_capacity);
}

Result<Credit, Limit> Admission::admit(Weight weight) {
  switch (all_.take(weight)) {
    case CreditPool::Verdict::too_many_updates: return Failure{Limit::updates};
    case CreditPool::Verdict::too_many_bytes: return Failure{Limit::bytes};
    case CreditPool::Verdict::taken: break;
  }
  return Credit(all_, weight);
}

std::optional<Limit> Admission::admit_to_shard(std::uint32_t shard, Credit& credit) {
  auto& pool = shards_[shard].pool;
  switch (pool.take(credit.weight_)) {
    case CreditPool::Verdict::too_many_updates: return Limit::shard_updates;
    case CreditPool::Verdict::too_many_bytes: return Limit::shard_bytes;
    case CreditPool::Verdict::taken: credit.shard_pool_ = &pool;
  }
  return std::nullopt;
}

}  // namespace ubiety
