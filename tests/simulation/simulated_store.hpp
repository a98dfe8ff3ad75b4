// A model of the store's durability, not a mock: what a commit wrote to the world's disk outlives the process, which
// may crash at any point, and connections break before or after a write, at random. Everything that storage/store.hpp
// promises about appends, merges, loading and reading holds. Some lives merge in slices as SQLite does, others at once
// as PostgreSQL. The schema, keys and owners are not part of the model. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "simulation/world.hpp"
#include "storage/ownership.hpp"
#include "storage/store.hpp"

namespace ubiety::simulation {

class SimulatedStore final : public Store {
 public:
  // `fault_percent` of the calls fail.
  SimulatedStore(World& world, int fault_percent)
      : world_(world), fault_percent_(fault_percent), merges_in_slices_(world.random.one_in(2)) {}

  StoreResult<std::unique_ptr<Session>> open() override;
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;
  Ownership& ownership() override { return ownership_; }
  std::string_view name() const override { return "simulated"; }

  // Closes all open streams, after an append that is under way.
  StoreResult<Done> take_over();

  // A committer begins. While it divides a row that the store refuses, no append fails: a simulated committer is asked
  // anew after a failure, and would forget how far it came.
  void begin_commit() { has_refused_ = false; }

  // From now on nothing fails.
  void heal() { fault_percent_ = calls_away_ = 0; }

  // The next `calls` fail.
  void go_away(int calls) { calls_away_ = calls; }

 private:
  // Of a store that no other process can reach.
  class SoleOwnership final : public Ownership {
   public:
    explicit SoleOwnership(SimulatedStore& store) : store_(store) {}

    StoreResult<Claim> claim() override { return Claim{}; }
    StoreResult<Done> take_over(Timestamp) override { return store_.take_over(); }

   private:
    SimulatedStore& store_;
  };

  friend class SimulatedSession;
  // Ends an append that waits for the standby, or waits for it.
  void settle();
  void store_row(log::Row row);
  bool can_fail() const { return fault_percent_ > 0; }
  bool fails() {
    if (calls_away_ > 0) return --calls_away_ >= 0;
    return world_.random.percent(fault_percent_);
  }

  World& world_;
  int fault_percent_;
  int calls_away_ = 0;
  bool has_refused_ = false;    // since begin_commit()
  bool is_taken_over_ = false;  // by another process
  std::optional<log::Positions> merged_unknown_to_caller_;
  const bool merges_in_slices_;
  SoleOwnership ownership_{*this};
};

}  // namespace ubiety::simulation
