// What a start loads, without what removals took away. One thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "storage/log/removals.hpp"
#include "storage/store.hpp"

namespace ubiety {

class WithoutRemoved final : public LoadSink {
 public:
  // `sink` outlives this.
  explicit WithoutRemoved(LoadSink& sink) : sink_(sink) {}

  void take_removal(log::Removal&& removal) override {
    removals_.add(removal);
    sink_.take_removal(std::move(removal));
  }
  void take_latest(log::LatestStatus&& latest) override {
    if (!removals_.take(latest.update.device_id, latest.update.status)) sink_.take_latest(std::move(latest));
  }
  void take_row(log::Row&& row) override {
    std::erase_if(row.updates,
                  [this](const StatusUpdate& update) { return removals_.take(update.device_id, update.status); });
    sink_.take_row(std::move(row));
  }
  void note_damage(log::Position position, const std::string& reason) override { sink_.note_damage(position, reason); }
  void note_damaged_latest(const std::string& reason) override { sink_.note_damaged_latest(reason); }

 private:
  LoadSink& sink_;
  log::Removals removals_;
};

}  // namespace ubiety
