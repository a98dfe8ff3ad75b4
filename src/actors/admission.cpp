#include "actors/admission.hpp"

namespace ubiety {

Admission::Admission(Weight capacity, std::uint32_t shards, Weight shard_capacity) : all_(capacity) {
  for (std::uint32_t shard = 0; shard < shards; ++shard) shards_.emplace_back(shard_capacity);
}

Result<Credit, Limit> Admission::admit(Weight weight) {
  Credit credit(all_, {});
  if (const auto limit = grow(credit, weight)) return Failure{*limit};
  return credit;
}

std::optional<Limit> Admission::grow(Credit& credit, Weight more) {
  switch (all_.take(more, credit.weight_)) {
    case CreditPool::Verdict::too_many_updates: return Limit::updates;
    case CreditPool::Verdict::too_many_bytes: return Limit::bytes;
    case CreditPool::Verdict::taken: credit.weight_.updates += more.updates; credit.weight_.bytes += more.bytes;
  }
  return std::nullopt;
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
