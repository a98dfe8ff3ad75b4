// A model of the spool's durability, not a mock: the queue on the world's disk outlives the process, which may crash at
// any point, and calls fail at random, before or after their effect. What storage/spool.hpp promises about the
// rows holds; the claim and the binding are not part of the model. One thread.
#pragma once

#include <functional>
#include <string_view>

#include "simulation/world.hpp"
#include "storage/spool.hpp"

namespace ubiety::simulation {

class SimulatedSpool final : public Spool {
 public:
  // `fault_percent` of the calls fail; an append also does when more than `most_waiting` would wait.
  SimulatedSpool(World& world, int fault_percent, std::size_t most_waiting)
      : world_(world), fault_percent_(fault_percent), most_waiting_(most_waiting) {}

  StoreResult<Claim> claim(Timestamp) override { return Claim{}; }
  StoreResult<Done> append(log::Position position, const UpdateList& updates) override;
  StoreResult<std::vector<log::Row>> oldest() override;
  StoreResult<Done> remove(const std::vector<log::Position>& positions) override;
  StoreResult<Done> read_all(const std::function<void(log::Row&&)>& sink) override;
  std::optional<std::string> database() const override { return "the simulated one"; }
  StoreResult<Done> bind_to(const std::string&) override { return Done{}; }
  std::uint64_t waiting() const override;
  std::uint64_t set_aside() const override { return 0; }
  SpoolSize size() const override { return {}; }

  // From now on nothing fails.
  void heal();

 private:
  bool fails() { return world_.random.percent(fault_percent_); }
  // Does it, or not and says so, or says so all the same: a failure says nothing of what the disk has.
  template <class Change>
  StoreResult<Done> write(std::string_view what, Change change);

  World& world_;
  int fault_percent_;
  std::size_t most_waiting_;
};

}  // namespace ubiety::simulation
