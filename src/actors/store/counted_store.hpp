// A store whose connections are counted: after a start, each that is opened is a reconnection. Any thread.
#pragma once

#include "actors/store/store_metrics.hpp"
#include "storage/store.hpp"

namespace ubiety {

class CountedStore final : public Store {
 public:
  // Both outlive it.
  CountedStore(Store& store, StoreMetrics& metrics) : store_(store), metrics_(metrics) {}

  StoreResult<std::unique_ptr<Session>> open() override;
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override;
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override;
  Ownership& ownership() override { return store_.ownership(); }
  std::string_view name() const override { return store_.name(); }

 private:
  void count(bool opened);

  Store& store_;
  StoreMetrics& metrics_;
};

}  // namespace ubiety
