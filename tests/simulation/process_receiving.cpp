// The loop of a Process: what http does with requests until they are with the shards.
#include <algorithm>
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {
namespace {

Load load_of(std::size_t updates) {
  const auto count = static_cast<std::int64_t>(updates);
  return {count, count * bytes_of_update};
}

}  // namespace

// The loop's thread does one thing at a time: what a turn received is sent before the next is received.
bool Process::may_receive() const { return accepting() && !stopping_ && next_to_send_ == shards(); }

bool Process::has_sent_all() const { return next_to_send_ == shards() && !is_unsent_; }

Timestamp Process::next_received() {
  receive_clock_.start_after(state_.receipts.newest_stored());
  if (receive_clock_.is_ahead_of(world_.clock.now())) step_back();
  return receive_clock_.next(world_.clock.now());
}

// They may have stepped back to this very moment before.
void Process::step_back() {
  world_.shift_clock(std::chrono::microseconds(0));
  const auto now = world_.clock.now();
  receive_clock_.step_back_to(now);
  world_.note([&] { return "times of receipt step back to " + format_timestamp(now); });
  ++world_.checker.figures.steps_back;
}

void Process::receive(StatusUpdate update, std::chrono::microseconds patience) {
  if (!may_receive()) return;
  const auto shard = shard_of(update.device_id, shards());
  auto credit = admission_.admit(load_of(1));
  if (!credit || admission_.admit_to_shard(shard, *credit)) return;
  auto parcel = std::make_unique<Parcel>(shard, std::move(update));
  parcel->credit = std::move(*credit);
  gather(std::move(parcel), patience);
}

// Either all of it is admitted, or it leaves no trace.
void Process::receive_batch(std::vector<StatusUpdate> updates, std::chrono::microseconds patience) {
  if (!may_receive()) return;
  auto parcels = parcels_of(std::move(updates));
  if (!admit(parcels)) return;
  world_.note([&] { return "receive a batch of " + std::to_string(parcels.size()) + " parcels"; });
  for (auto& parcel : parcels) gather(std::move(parcel), patience);
}

Parcels Process::parcels_of(std::vector<StatusUpdate> updates) const {
  Parcels parcels(shards());
  for (auto& update : updates) {
    const auto shard = shard_of(update.device_id, shards());
    if (!parcels[shard]) parcels[shard] = std::make_unique<Parcel>(shard);
    parcels[shard]->add(std::move(update));
  }
  std::erase(parcels, nullptr);
  return parcels;
}

// By more updates than there are at first, as http counts braces; what is too much goes back.
bool Process::admit(const Parcels& parcels) {
  std::size_t counted = 1;
  for (const auto& parcel : parcels) counted += parcel->updates().size();
  auto credit = admission_.admit(load_of(counted));
  return credit && std::all_of(parcels.begin(), parcels.end(), [&](const auto& parcel) {
           parcel->credit = credit->split(load_of(parcel->updates().size()));
           return !admission_.admit_to_shard(parcel->shard, parcel->credit);
         });
}

void Process::gather(ParcelPointer parcel, std::chrono::microseconds patience) {
  const auto first_ticket = world_.checker.attempts().size();
  for (auto& each : parcel->updates()) {
    each.update.status.received = next_received();
    is_unsent_ = true;
    world_.note([&] { return "receive " + text_of(each.update); });
    world_.checker.attempted(each.update);
  }
  parcel->deadline = world_.steady_now + patience;
  parcel->reply = {[](void* checker, std::uint64_t first, ParcelPointer&& answered) {
                     static_cast<Checker*>(checker)->replied(first, *answered);
                   },
                   &world_.checker, first_ticket};
  turn_[parcel->shard].push_back(std::move(parcel));
}

void Process::send() {
  if (next_to_send_ == shards()) {
    if (has_sent_all()) return;
    next_to_send_ = 0;
  }
  auto& part = turn_[next_to_send_];
  world_.note([&] { return "send " + std::to_string(part.size()) + " to shard " + std::to_string(next_to_send_); });
  const bool wakes = !part.empty() && ports_[next_to_send_].submit(std::exchange(part, {}));
  if (wakes && world_.plant != Plant::shard_not_woken) mailboxes_[next_to_send_].emplace_back(TakeParcels{});
  if (++next_to_send_ == shards()) is_unsent_ = false;
}

}  // namespace ubiety::simulation
