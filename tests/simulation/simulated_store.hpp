// A store on the world's disk, whose connections break as the dice say. It keeps what storage/store.hpp promises.
#pragma once

#include <functional>
#include <memory>

#include "simulation/world.hpp"
#include "unit/actors/fakes.hpp"

namespace ubiety::simulation {

class SimulatedStore : public test::FakeStore {
 public:
  // `fault_percent` of the calls fail.
  SimulatedStore(World& world, int fault_percent) : world_(world), fault_percent_(fault_percent) {}

  StoreResult<std::unique_ptr<Session>> open() override;

  // From now on nothing fails.
  void heal() { fault_percent_ = 0; }

  // The process dies in the middle of what it does: whoever drives it has to see to that.
  bool crash_is_due = false;
  // What others do after the checkpoint's statuses were written and before its watermark is.
  std::function<void()> before_watermark = [] {};

 private:
  friend class SimulatedSession;
  bool fails() { return world_.random.percent(fault_percent_); }

  World& world_;
  int fault_percent_;
};

}  // namespace ubiety::simulation
