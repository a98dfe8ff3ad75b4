#include "actors/shard/port.hpp"

#include <iterator>

#include "actors/shard/linger.hpp"

namespace ubiety {

bool ShardPort::submit(Parcels&& parcels) {
  std::size_t worth = 0;
  for (const auto& parcel : parcels) worth += Linger::worth_of(*parcel);
  {
    const MutexLock lock(mutex_);
    worth_ += worth;
    if (waiting_.empty())
      waiting_ = std::move(parcels);
    else
      std::move(parcels.begin(), parcels.end(), std::back_inserter(waiting_));
    if (!is_worth_waking() || std::exchange(is_woken_, true)) return false;
  }
  ask(TakeParcels{});
  return true;
}

Parcels ShardPort::take() {
  const MutexLock lock(mutex_);
  is_woken_ = false;
  worth_ = 0;
  return std::exchange(waiting_, {});
}

bool ShardPort::set_wake_threshold(std::size_t reports) {
  const MutexLock lock(mutex_);
  wake_threshold_ = reports;
  return is_worth_waking() && !is_woken_;
}

}  // namespace ubiety
