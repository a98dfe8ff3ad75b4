#include "actors/readiness.hpp"

namespace ubiety {

std::optional<Obstacle> Readiness::why_not(Activity activity) const {
  if (activity == Activity::update) {
    if (!is_accepting()) return why_not_loaded();
    const bool can_commit = commits_succeed_.load(std::memory_order_relaxed) && (spool() != nullptr || store_answers());
    return can_commit ? std::nullopt : std::optional(Obstacle::store_away);
  }
  if (const auto reason = why_not_loaded()) return reason;
  if (lost_shards_.load(std::memory_order_acquire) != 0) return Obstacle::recovering;
  if (activity == Activity::read) return std::nullopt;
  if (!store_answers()) return Obstacle::store_away;
  return std::nullopt;
}

std::optional<Obstacle> Readiness::why_not_loaded() const {
  switch (phase()) {
    case Phase::starting: return Obstacle::starting;
    case Phase::standing_by: return Obstacle::standing_by;
    case Phase::accepting: return standing_by_for() == nullptr ? Obstacle::starting : Obstacle::standing_by;
    case Phase::store_lost: return Obstacle::store_lost;
    case Phase::loaded: break;
  }
  return std::nullopt;
}

void Readiness::stand_by_for(std::shared_ptr<const Owner> owner) {
  owner_.store(false, std::memory_order_relaxed);
  standing_by_for_.store(std::move(owner), std::memory_order_release);
  set(Phase::standing_by);
}

void Readiness::set_owner() {
  owner_.store(true, std::memory_order_relaxed);
  standing_by_for_.store(nullptr, std::memory_order_release);
  if (phase() == Phase::standing_by) set(Phase::starting);
}

bool Readiness::lose_store(const std::string& reason) {
  owner_.store(false, std::memory_order_relaxed);
  const bool is_news = store_lost_.exchange(std::make_shared<const std::string>(reason)) == nullptr;
  set(Phase::store_lost);
  return is_news;
}

std::uint64_t Readiness::waiting_in_spool() const {
  const auto* used = spool();
  return used == nullptr ? 0 : used->waiting();
}

SpoolSize Readiness::spool_size() const {
  const auto* used = spool();
  return used == nullptr ? SpoolSize{} : used->size();
}

}  // namespace ubiety
