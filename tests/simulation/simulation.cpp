#include "simulation/simulation.hpp"

#include <utility>

namespace ubiety::simulation {
namespace {

constexpr int steps = 300;
constexpr int most_steps_to_rest = 2000;
constexpr Load most_in_flight{24, 24 * bytes_of_update}, most_in_flight_of_shard{16, 16 * bytes_of_update};

constexpr int fault_percents[] = {0, 5, 20, 50}, spool_fault_percents[] = {0, 5, 20, 40};
constexpr std::size_t most_waiting[] = {10, 40, 1000};
constexpr int weights[] = {1, 4, 4, 12}, rare_weights[] = {0, 1, 3, 12};

}  // namespace

// Each seed has a life of its own kind: what is rare in one is frequent in another.
Simulation::Simulation(std::uint64_t seed, Plant plant, bool traced)
    : world_(seed, plant, traced),
      store_(world_, world_.random.any_of(fault_percents)),
      shards_(static_cast<std::uint32_t>(1 + world_.random.below(3))) {
  if (world_.random.percent(60))
    spool_.emplace(world_, world_.random.any_of(spool_fault_percents), world_.random.any_of(most_waiting));
  for (auto& weight : weights_) weight = world_.random.any_of(weights) * 10;
  weights_[receive_batch] /= 4;
  weights_[deliver] *= 2;
  weights_[send] /= 2;
  weights_[merge] /= 6;
  weights_[ask_history] /= 4;
  weights_[remove] = world_.random.any_of(rare_weights);
  weights_[pass_time] /= 4;
  weights_[lose_store] = world_.random.any_of(rare_weights) * (spool_ ? 2 : 1);
  weights_[fail] = world_.random.any_of(rare_weights);
  weights_[stop] = world_.random.below(2);
  weights_[crash] = world_.random.below(6);
  world_.one_event_of_others = [this] { happen_one_of(events_of_others); };
  begin_process();
}

Outcome Simulation::run() {
  for (int i = 0; i < steps && !world_.checker.violation(); ++i) {
    step();
    if (std::exchange(world_.crash_is_due, false)) happen(crash);
  }
  if (!world_.checker.violation()) come_to_rest();
  return {world_.checker.violation(), std::move(world_.trace), world_.checker.figures};
}

void Simulation::step() {
  if (!process_->accepting()) return begin_to_serve();
  if (process_->stopping() && process_->is_at_rest()) return finish_stop();
  happen_one_of(events);
}

void Simulation::begin_to_serve() { happen(world_.random.one_in(6) ? crash : keep_house); }

// One of the first `kinds` events.
void Simulation::happen_one_of(int kinds) {
  int total = 0;
  for (int event = 0; event < kinds; ++event) total += weights_[static_cast<std::size_t>(event)];
  auto drawn = world_.random.below(total);
  int event = 0;
  while (drawn >= weights_[static_cast<std::size_t>(event)]) drawn -= weights_[static_cast<std::size_t>(event++)];
  happen(static_cast<Event>(event));
}

void Simulation::happen(Event event) {
  ++world_.checker.figures.events;
  switch (event) {
    case receive: return receive_one();
    case receive_batch: return receive_several();
    case send: return process_->send();
    case ask: return process_->ask(world_.random.any_of(device_names));
    case deliver: return deliver_one();
    case write: return process_->writer_step();
    case forward: return process_->forwarder_step();
    case merge: return process_->merger_step();
    case ask_history: return process_->ask_for_history(world_.random.any_of(device_names));
    case read_history: return process_->reader_step();
    case remove: return remove_some();
    case go_on_removing: return process_->remover_step();
    case keep_house: return process_->housekeeper_step();
    case pass_time: return pass_some_time();
    case lose_store: return store_.go_away(world_.random.below(40));
    case fail: return process_->fail(static_cast<std::uint32_t>(world_.random.below(static_cast<int>(shards_))));
    case stop: return process_->stop();
    case crash: end_process(); return begin_process();
    case events: return;
  }
}

void Simulation::begin_process() {
  admission_ = std::make_unique<Admission>(most_in_flight, shards_, most_in_flight_of_shard);
  process_ = std::make_unique<Process>(world_, store_, spool_ ? &*spool_ : nullptr, *admission_, shards_);
}

void Simulation::end_process() {
  world_.note([] { return "crash"; });
  ++world_.checker.figures.crashes;
  process_.reset();
  world_.shift_clock(std::chrono::microseconds(0));
  if (world_.random.one_in(6)) set_clock_back();
  if (world_.random.one_in(3)) world_.set_clock_right();
  world_.checker.process_died(admission_->all().in_flight().updates);
}

// All is answered, though perhaps with "unknown".
void Simulation::finish_stop() {
  world_.checker.at_rest(admission_->all().in_flight().updates);
  happen(crash);
}

void Simulation::come_to_rest() {
  world_.note([] { return "nothing fails any more"; });
  store_.heal();
  if (spool_) spool_->heal();
  world_.one_event_of_others = [this] { deliver_one(); };
  for (const auto& device_id : device_names) process_->ask_for_history(device_id);
  for (int i = 0; !process_->is_at_rest() || process_->waits_for_store(); ++i) {
    if (i == most_steps_to_rest) return world_.checker.violated("does not come to rest");
    if (!process_->loaded() || process_->has_lost_shards()) happen(keep_house);
    constexpr Event going_on[] = {send,  deliver,      deliver,      write,         forward,
                                  merge, read_history, read_history, go_on_removing};
    happen(world_.random.any_of(going_on));
  }
  world_.checker.at_rest(admission_->all().in_flight().updates);
  if (!process_->stopping()) process_->check_at_rest();
  happen(crash);
  happen(keep_house);
  if (!process_->loaded()) return world_.checker.violated("does not start");
  for (std::uint32_t shard = 0; shard < shards_; ++shard)
    while (process_->has_mail(shard)) process_->deliver(shard);
}

void Simulation::receive_one() { process_->receive(any_update(), any_patience()); }

// Some of a batch's updates are the same.
void Simulation::receive_several() {
  std::vector<StatusUpdate> updates;
  for (auto more = 1 + world_.random.below(8); more > 0; --more)
    updates.push_back(updates.empty() || !world_.random.one_in(5) ? any_update() : world_.random.any_of(updates));
  process_->receive_batch(std::move(updates), any_patience());
}

std::chrono::microseconds Simulation::any_patience() {
  return std::chrono::milliseconds(500 + world_.random.below(4000));
}

StatusUpdate Simulation::any_update() {
  const auto& device_id = world_.random.any_of(device_names);
  return {device_id, any_status(device_id)};
}

Status Simulation::any_status(const DeviceId& device_id) {
  auto& random = world_.random;
  Status status{world_.clock.time, {}, -60, static_cast<std::uint8_t>(random.below(3)), random.one_in(2)};
  // What the store would refuse only after the spool has it is lost, and acknowledged: validation has to see it.
  if (!spool_ && random.one_in(12)) status.rssi = refused_rssi;
  std::vector<const StatusUpdate*> earlier;
  for (const auto& update : world_.checker.attempts())
    if (update.device_id == device_id) earlier.push_back(&update);
  switch (random.below(10)) {
    case 0:
    case 1: status.timestamp = status.timestamp - std::chrono::seconds(random.below(900)); break;
    case 2: status.timestamp = status.timestamp + std::chrono::seconds(random.below(900)); break;
    case 3: status.timestamp = status.timestamp + std::chrono::hours(24); break;
    case 4:
    case 5:
      if (!earlier.empty()) status.timestamp = random.any_of(earlier)->status.timestamp;
      break;
    case 6:
    case 7:
      if (!earlier.empty()) status = random.any_of(earlier)->status;
      break;
    case 8:
      if (!earlier.empty()) status = earlier.back()->status;
      break;
    default: break;
  }
  return status;
}

void Simulation::remove_some() {
  DeviceSelection selection;
  if (world_.random.one_in(3))
    selection.filter.battery_below = 1 + world_.random.below(3);
  else
    selection.device_id = world_.random.any_of(device_names);
  process_->remove(std::move(selection));
}

void Simulation::deliver_one() {
  const auto first = static_cast<std::uint32_t>(world_.random.below(static_cast<int>(shards_)));
  for (std::uint32_t i = 0; i < shards_; ++i)
    if (const auto shard = (first + i) % shards_; process_->has_mail(shard)) return process_->deliver(shard);
}

void Simulation::pass_some_time() {
  auto& random = world_.random;
  const std::chrono::milliseconds passed(10 * (random.one_in(10) ? random.below(500) : random.below(30)));
  world_.steady_now += passed;
  if (random.one_in(15)) return set_clock_back();
  if (random.one_in(20)) return world_.set_clock_right();
  if (random.one_in(20)) return world_.set_clock_ahead(std::chrono::seconds(1 + random.below(100'000'000)));
  world_.clock.time = world_.clock.time + passed;
}

// As a machine's clock is now and then, and rather when it begins anew.
void Simulation::set_clock_back() { world_.shift_clock(-std::chrono::seconds(world_.random.below(40))); }

Outcome simulate(std::uint64_t seed, Plant plant, bool traced) { return Simulation(seed, plant, traced).run(); }

}  // namespace ubiety::simulation
