// The remover of a Process.
#include <algorithm>
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {
namespace {

constexpr std::size_t devices_at_once = 2;

}  // namespace

// The loop's thread.
void Process::remove(DeviceSelection selection) {
  if (!may_receive() || !loaded()) return;
  const auto at = next_received();
  world_.note([&] {
    return "remove " + selection.device_id.value_or("all with a low battery") + " at " + format_timestamp(at);
  });
  for_remover_.push_back({std::move(selection), at});
}

// One attempt. After a failure the outcome is unknown, so it is made again, as in the product.
void Process::remover_step() {
  remover_.run([this] {
    if (for_remover_.empty()) return;
    auto& removing = for_remover_.front();
    if (!removing.removals && !find_devices(removing)) return for_remover_.pop_front();
    if (removing.done < removing.removals->size()) remove_next(removing);
    if (removing.done < removing.removals->size()) return;
    world_.note([&] { return std::to_string(removing.done) + " devices are removed"; });
    world_.checker.removed(*removing.removals);
    for_remover_.pop_front();
  });
}

// Returns false if a shard is not recovered.
bool Process::find_devices(Removing& removing) {
  const auto selection = std::make_shared<const DeviceSelection>(removing.selection);
  std::vector<log::Removal> removals;
  for (std::uint32_t shard = 0; shard < shards(); ++shard) {
    if (selection->device_id && shard_of(*selection->device_id, shards()) != shard) continue;
    mailboxes_[shard].emplace_back(FindDevices{selection, removing.at});
    for (found_.reset(); !found_;) deliver(shard);
    const auto found = std::move(*std::exchange(found_, {}));
    if (found.removals == nullptr) return false;
    removals.insert(removals.end(), found.removals->begin(), found.removals->end());
  }
  removing.removals = std::move(removals);
  return true;
}

void Process::remove_next(Removing& removing) {
  const auto first = removing.removals->begin() + static_cast<std::ptrdiff_t>(removing.done);
  const auto count = std::min(devices_at_once, removing.removals->size() - removing.done);
  const std::vector<log::Removal> slice(first, first + static_cast<std::ptrdiff_t>(count));
  if (world_.plant != Plant::removal_not_durable) {
    const auto done = removing_connection_.use([&](Session& session) { return session.remove_devices(slice); });
    if (!done) return;
    ++state_.removals;
  }
  if (world_.plant != Plant::removal_not_passed_on) forget(slice);
  removing.done += count;
}

void Process::forget(const std::vector<log::Removal>& removals) {
  for (std::uint32_t shard = 0; shard < shards(); ++shard) {
    auto of_shard = std::make_shared<std::vector<log::Removal>>(removals);
    std::erase_if(*of_shard, [&](const auto& removal) { return shard_of(removal.device_id, shards()) != shard; });
    mailboxes_[shard].emplace_back(ForgetDevices{std::move(of_shard)});
    for (has_forgotten_ = false; !has_forgotten_;) deliver(shard);
  }
}

void Process::handle(std::uint32_t shard, const FindDevices& message) { found_ = shards_[shard]->find(message); }

void Process::handle(std::uint32_t shard, const ForgetDevices& message) {
  world_.note([&] { return "shard " + std::to_string(shard) + " forgets devices"; });
  shards_[shard]->use_to_write([&](Shard& owner) { owner.forget(*message.removals); });
  has_forgotten_ = true;
}

}  // namespace ubiety::simulation
