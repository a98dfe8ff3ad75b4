// The loop of a Process: what http does with requests until they are with the shards.
#include <algorithm>
#include <utility>

#include "simulation/process.hpp"

namespace ubiety::simulation {
namespace {

Weight weight_of(std::size_t updates) {
  const auto count = static_cast<std::int64_t>(updates);
  return {count, count * bytes_of_update};
}

}  // namespace

// The loop's thread does one thing at a time: what a turn received is sent before the next is received.
bool Process::may_receive() const {
  return accepting() && !stopping_ && groups_to_send_.empty() && next_to_send_ == shards();
}

bool Process::has_sent_all() const { return groups_to_send_.empty() && next_to_send_ == shards() && !unsent_; }

void Process::give_time_of_receipt(StatusUpdate& update) {
  const auto now = world_.clock.now();
  receive_clock_.start_after(state_.receipts().newest_stored());
  if (receive_clock_.is_ahead_of(now)) step_back_to(now);
  update.status.received = receive_clock_.next(now);
}

void Process::step_back_to(Timestamp now) {
  if (!has_sent_all()) return;
  if (world_.plant == Plant::stepped_back_below_watermark)
    receive_clock_.step_back_to(now);
  else if (state_.receipts().step_back(now))
    receive_clock_.step_back_to(now);
  else
    return;
  world_.note([&] { return "times of receipt step back to " + format_timestamp(now); });
  ++world_.checker.figures.steps_back;
}

void Process::receive(StatusUpdate update, std::chrono::microseconds patience) {
  if (!may_receive()) return;
  const auto shard = shard_of(update.device_id, shards());
  auto credit = admission_.admit(weight_of(1));
  if (!credit || admission_.admit_to_shard(shard, *credit)) return;
  give_time_of_receipt(update);
  unsent_ = last_received_ = update.status.received;
  world_.note([&] { return "receive " + text_of(update); });
  const Reply<UpdateOutcome> reply{[](void* checker, std::uint64_t ticket, UpdateOutcome&& outcome) {
                                     static_cast<Checker*>(checker)->replied(ticket, outcome);
                                   },
                                   &world_.checker, world_.checker.attempted(update)};
  turn_[shard].push_back({std::move(update), world_.steady_now + patience, reply, std::move(*credit)});
}

// Either all of it is admitted, or it leaves no trace.
void Process::receive_batch(std::vector<StatusUpdate> updates, std::chrono::microseconds patience) {
  if (!may_receive()) return;
  const auto groups = groups_of(std::move(updates));
  if (!admit(groups)) return;
  world_.note([&] { return "receive a batch of " + std::to_string(groups.size()) + " groups"; });
  for (const auto& group : groups) {
    group->deadline = world_.steady_now + patience;
    attempt(*group);
    groups_to_send_.push_back(group);
  }
}

std::vector<std::shared_ptr<UpdateGroup>> Process::groups_of(std::vector<StatusUpdate> updates) const {
  std::vector<std::shared_ptr<UpdateGroup>> groups(shards());
  for (auto& update : updates) {
    const auto shard = shard_of(update.device_id, shards());
    if (!groups[shard]) groups[shard] = std::make_shared<UpdateGroup>();
    groups[shard]->shard = shard;
    groups[shard]->updates.push_back(std::move(update));
  }
  std::erase(groups, nullptr);
  return groups;
}

// By more updates than there are at first, as http counts braces; what is too much goes back.
bool Process::admit(const std::vector<std::shared_ptr<UpdateGroup>>& groups) {
  std::size_t counted = 1;
  for (const auto& group : groups) counted += group->updates.size();
  auto credit = admission_.admit(weight_of(counted));
  return credit && std::all_of(groups.begin(), groups.end(), [&](const auto& group) {
           group->credit = credit->split(weight_of(group->updates.size()));
           return !admission_.admit_to_shard(group->shard, group->credit);
         });
}

void Process::attempt(UpdateGroup& group) {
  const auto first_ticket = world_.checker.attempts().size();
  for (auto& update : group.updates) {
    give_time_of_receipt(update);
    world_.note([&] { return "  " + text_of(update); });
    world_.checker.attempted(update);
  }
  group.outcomes.resize(group.updates.size(), UpdateOutcome::stored);
  group.reply = {[](void* checker, std::uint64_t first, std::shared_ptr<UpdateGroup>&& answered) {
                   static_cast<Checker*>(checker)->group_replied(first, *answered);
                 },
                 &world_.checker, first_ticket};
}

// Groups go at once, the single updates of the turn at its end.
void Process::send() {
  if (!groups_to_send_.empty()) return send_group();
  if (next_to_send_ == shards()) {
    if (has_sent_all()) return;
    next_to_send_ = 0;
    if (world_.plant == Plant::handed_over_too_early) state_.receipts().set_handed_over(last_received_);
  }
  auto& part = turn_[next_to_send_];
  world_.note([&] { return "send " + std::to_string(part.size()) + " to shard " + std::to_string(next_to_send_); });
  const bool to_be_told = !part.empty() && intakes_[next_to_send_].put(std::exchange(part, {}), false);
  if (to_be_told && world_.plant != Plant::shard_not_told) mailboxes_[next_to_send_].emplace_back(TakeSubmissions{});
  if (++next_to_send_ == shards() && unsent_) state_.receipts().set_handed_over(*std::exchange(unsent_, {}));
}

void Process::send_group() {
  auto group = std::move(groups_to_send_.front());
  groups_to_send_.pop_front();
  unsent_ = last_received_ = group->updates.back().status.received;
  const auto shard = group->shard;
  world_.note([&] { return "send a group to shard " + std::to_string(shard); });
  mailboxes_[shard].emplace_back(SubmitGroup{std::move(group)});
}

}  // namespace ubiety::simulation
