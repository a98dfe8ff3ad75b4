// A model of the store's durability, not a mock: what a commit wrote to the world's disk outlives the process, which
// may crash at any point, and connections break before or after a write, at random. Everything that storage/store.hpp
// promises about commits, checkpoints and loading holds. The schema, keys and owners are not part of the model. One
// thread.
#pragma once

#include <memory>
#include <string_view>

#include "simulation/world.hpp"
#include "storage/ownership.hpp"
#include "storage/store.hpp"

namespace ubiety::simulation {

class SimulatedStore final : public Store {
 public:
  // `fault_percent` of the calls fail.
  SimulatedStore(World& world, int fault_percent) : world_(world), fault_percent_(fault_percent) {}

  StoreResult<std::unique_ptr<Session>> open() override;
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;
  Ownership& ownership() override { return ownership_; }
  std::string_view name() const override { return "simulated"; }

  // From now on nothing fails.
  void heal() { fault_percent_ = calls_away_ = 0; }

  // The next `calls` fail.
  void go_away(int calls) { calls_away_ = calls; }

 private:
  // Of a store that no other process can reach.
  class SoleOwnership final : public Ownership {
   public:
    StoreResult<Claim> claim() override { return Claim{}; }
    StoreResult<Done> take_over(Timestamp) override { return Done{}; }
  };

  friend class SimulatedSession;
  bool fails() {
    if (calls_away_ > 0) return --calls_away_ >= 0;
    return world_.random.percent(fault_percent_);
  }

  World& world_;
  int fault_percent_;
  int calls_away_ = 0;
  SoleOwnership ownership_;
};

}  // namespace ubiety::simulation
