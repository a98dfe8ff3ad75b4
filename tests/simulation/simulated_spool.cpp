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
  world_.checker.spool_failed();
  world_.crash_is_due = world_.random.one_in(4);
  return test::unavailable();
}

StoreResult<Done> SimulatedSpool::append(log::Position position, const UpdateList& updates) {
  world_.let_others_go_on();
  auto& spool = world_.durable.spool;
  const auto has_position = [&](const log::Row& row) { return row.position == position; };
  if (std::any_of(spool.begin(), spool.end(), has_position)) return Done{};
  if (waiting() + updates.size() > most_waiting_) {
    ++world_.checker.figures.full_spools;
    world_.checker.spool_failed();
    return test::unavailable();
  }
  return write("append " + std::to_string(updates.size()) + " updates", [&] {
    if (world_.plant == Plant::append_not_durable) return;
    log::Row row{position, {}};
    for (const auto* update : updates) {
      world_.note([&] { return "    " + text_of(*update); });
      row.updates.push_back(*update);
    }
    spool.push_back(std::move(row));
    ++world_.checker.figures.appends;
    world_.checker.written(updates);
  });
}

StoreResult<std::vector<log::Row>> SimulatedSpool::oldest() {
  if (fails()) return test::unavailable();
  auto& spool = world_.durable.spool;
  std::vector<log::Row> rows;
  while (rows.size() < spool.size() && (rows.empty() || world_.random.one_in(2))) rows.push_back(spool[rows.size()]);
  if (world_.plant == Plant::shortened_before_commit && !spool.empty()) spool.pop_front();
  return rows;
}

StoreResult<Done> SimulatedSpool::remove(const std::vector<log::Position>& positions) {
  world_.let_others_go_on();
  return write("remove " + std::to_string(positions.size()) + " rows", [&] {
    std::erase_if(world_.durable.spool, [&](const log::Row& row) {
      return std::find(positions.begin(), positions.end(), row.position) != positions.end();
    });
    world_.checker.figures.forwarded_rows += positions.size();
    world_.checker.disk_changed();
  });
}

StoreResult<Done> SimulatedSpool::read_all(const std::function<void(log::Row&&)>& sink) {
  world_.let_others_go_on();
  for (auto row : world_.durable.spool) {
    if (fails()) return test::unavailable();  // some rows are passed
    sink(std::move(row));
  }
  return Done{};
}

std::uint64_t SimulatedSpool::waiting() const {
  std::uint64_t waiting = 0;
  for (const auto& row : world_.durable.spool) waiting += row.updates.size();
  return waiting;
}

void SimulatedSpool::heal() {
  fault_percent_ = 0;
  most_waiting_ = std::numeric_limits<std::size_t>::max();
}

}  // namespace ubiety::simulation
