#include "simulation/simulated_spool.hpp"

#include <algorithm>
#include <limits>

#include "support/store_failures.hpp"

namespace ubiety::simulation {

template <class Change>
StoreResult<Done> SimulatedSpool::write(std::string_view what, Change change) {
  const bool told_failed = fails(), done = !told_failed || world_.random.one_in(2);
  world_.note([&] {
    return "  spool: " + std::string(what) + (done ? "" : ", not done") + (told_failed ? ", outcome unknown" : "");
  });
  if (done) change();
  if (done && told_failed) ++world_.checker.figures.unknown_spool_writes;
  if (!told_failed) return Done{};
  world_.crash_is_due = world_.random.one_in(4);
  return test::unavailable();
}

StoreResult<Done> SimulatedSpool::append(const UpdateList& updates) {
  world_.let_others_go_on();
  if (waiting() + updates.size() > most_waiting_) {
    ++world_.checker.figures.full_spools;
    return test::unavailable();
  }
  return write("append " + std::to_string(updates.size()) + " updates", [&] {
    if (world_.plant == Plant::append_not_durable) return;
    for (const auto* update : updates) {
      world_.note([&] { return "    " + text_of(*update); });
      world_.durable.spool.waiting.push_back(*update);
    }
    ++world_.checker.figures.appends;
    world_.checker.appended(updates);
  });
}

// Few at a time, so that slices are many.
StoreResult<SpoolSlice> SimulatedSpool::oldest(std::size_t most) {
  if (fails()) return test::unavailable();
  auto& spool = world_.durable.spool;
  const auto count = std::min({most, spool.waiting.size(), static_cast<std::size_t>(1 + world_.random.below(6))});
  const auto end = spool.waiting.begin() + static_cast<std::ptrdiff_t>(count);
  SpoolSlice slice{{spool.waiting.begin(), end}, spool.last_removed + static_cast<std::int64_t>(count)};
  if (world_.plant == Plant::shortened_before_commit) spool.remove_through(slice.last);
  return slice;
}

StoreResult<Done> SimulatedSpool::remove_through(std::int64_t last) {
  world_.let_others_go_on();
  return write("remove through " + std::to_string(last), [&] {
    const bool all = world_.plant == Plant::emptied_after_slice;
    world_.durable.spool.remove_through(all ? std::numeric_limits<std::int64_t>::max() : last);
    ++world_.checker.figures.forwarded_slices;
    world_.checker.disk_changed();
  });
}

StoreResult<Done> SimulatedSpool::read_all(const StatusSink& sink) {
  world_.let_others_go_on();
  for (auto update : world_.durable.spool.waiting) {
    if (fails()) return test::unavailable();  // a part of it is told
    sink(std::move(update), Origin::history);
  }
  return Done{};
}

StoreResult<Done> SimulatedSpool::set_received_floor(Timestamp received) {
  world_.let_others_go_on();
  return write("floor " + format_timestamp(received), [&] { world_.durable.spool.received_floor = received; });
}

void SimulatedSpool::heal() {
  fault_percent_ = 0;
  most_waiting_ = std::numeric_limits<std::size_t>::max();
}

}  // namespace ubiety::simulation
