#include "actors/admission.hpp"

namespace ubiety {

Admission::Admission(Load capacity, std::uint32_t shards, Load shard_capacity) : all_(capacity) {
  for (std::uint32_t shard = 0; shard < shards; ++shard) shards_.emplace_back(shard_capacity);
}

Result<Credit, AdmissionLimit> Admission::admit(Load load) {
  Credit credit(all_, {});
  if (const auto limit = grow(credit, load)) return Failure{*limit};
  return credit;
}

std::optional<AdmissionLimit> Admission::grow(Credit& credit, Load more) {
  switch (all_.take(more, credit.load_)) {
    case CreditPool::Verdict::too_many_updates: return AdmissionLimit::updates;
    case CreditPool::Verdict::too_many_bytes: return AdmissionLimit::bytes;
    case CreditPool::Verdict::taken: credit.load_.updates += more.updates; credit.load_.bytes += more.bytes;
  }
  return std::nullopt;
}

std::optional<AdmissionLimit> Admission::admit_to_shard(std::uint32_t shard, Credit& credit) {
  auto& pool = shards_[shard].pool;
  switch (pool.take(credit.load_)) {
    case CreditPool::Verdict::too_many_updates: return AdmissionLimit::shard_updates;
    case CreditPool::Verdict::too_many_bytes: return AdmissionLimit::shard_bytes;
    case CreditPool::Verdict::taken: credit.shard_pool_ = &pool;
  }
  return std::nullopt;
}

}  // namespace ubiety
