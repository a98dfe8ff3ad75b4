#include "http/pending_exchanges.hpp"

#include <algorithm>
#include <utility>

namespace ubiety::http {

PendingExchanges::Opened PendingExchanges::open(Exchange&& exchange, DeviceId device_id) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const auto number = free_.back();
  free_.pop_back();
  auto& slot = slots_[number];
  slot.pending.emplace(PendingExchange{std::move(exchange), std::move(device_id)});
  ++size_;
  const Opened opened{(std::uint64_t{slot.generation} << 32) | number, std::chrono::steady_clock::now() + timeout_};
  deadlines_.push_back(opened);
  return opened;
}

PendingExchange* PendingExchanges::find(std::uint64_t ticket) {
  return waits(ticket) ? &*slots_[static_cast<std::uint32_t>(ticket)].pending : nullptr;
}

bool PendingExchanges::waits(std::uint64_t ticket) const {
  const auto& slot = slots_[static_cast<std::uint32_t>(ticket)];
  return slot.pending && slot.generation == ticket >> 32;
}

std::optional<PendingExchange> PendingExchanges::take(std::uint64_t ticket) {
  auto* pending = find(ticket);
  if (pending == nullptr) return std::nullopt;
  std::optional<PendingExchange> taken(std::move(*pending));
  const auto number = static_cast<std::uint32_t>(ticket);
  slots_[number].pending.reset();
  ++slots_[number].generation;
  free_.push_back(number);
  --size_;
  return taken;
}

std::chrono::nanoseconds PendingExchanges::longest_wait(SteadyTime now) const {
  const auto oldest =
      std::find_if(deadlines_.begin(), deadlines_.end(), [this](const Opened& one) { return waits(one.ticket); });
  return oldest == deadlines_.end() ? std::chrono::nanoseconds(0) : now - (oldest->deadline - timeout_);
}

void PendingExchanges::expire(SteadyTime now) {
  while (!deadlines_.empty() && (deadlines_.front().deadline <= now || !waits(deadlines_.front().ticket))) {
    if (auto late = take(deadlines_.front().ticket))
      late->exchange.answer(unavailable_answer("the request took too long; its outcome is unknown"));
    deadlines_.pop_front();
  }
}

}  // namespace ubiety::http
