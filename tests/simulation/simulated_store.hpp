// A store on the world's disk, whose connections break as the dice say. It keeps what storage/store.hpp promises.
#pragma once

#include <memory>

#include "simulation/world.hpp"
#include "support/fakes.hpp"

namespace ubiety::simulation {

class SimulatedStore : public test::FakeStore {
 public:
  // `fault_percent` of the calls fail.
  SimulatedStore(World& world, int fault_percent) : world_(world), fault_percent_(fault_percent) {}

  StoreResult<std::unique_ptr<Session>> open() override;

  // From now on nothing fails.
  void heal() { fault_percent_ = calls_away_ = 0; }

  // The next `calls` fail.
  void go_away(int calls) { calls_away_ = calls; }

 private:
  friend class SimulatedSession;
  bool fails() {
    if (calls_away_ > 0) return --calls_away_ >= 0;
    return world_.random.percent(fault_percent_);
  }

  World& world_;
  int fault_percent_;
  int calls_away_ = 0;
};

}  // namespace ubiety::simulation
