#include "fleet/due_wheel.hpp"

#include <utility>

namespace ubiety {

void DueWheel::put(std::uint32_t device, ListeningTime due) {
  next_.grow(std::size_t{device} + 1, outside);
  auto& first = slot(std::clamp(second_of(due), second_, second_ + slots - 1));
  next_[device] = std::exchange(first, device);
}

void DueWheel::remove(std::uint32_t device) {
  if (!contains(device)) return;
  for (auto& first : first_)
    for (auto* link = &first; *link != end; link = &next_[*link])
      if (*link == device) {
        *link = std::exchange(next_[device], outside);
        return;
      }
}

std::uint32_t DueWheel::take_slot(std::int64_t second) { return std::exchange(slot(second), end); }

}  // namespace ubiety
