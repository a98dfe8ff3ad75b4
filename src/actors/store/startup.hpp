// A start: claims the spool and the store, brings the schema up to date, and loads the latest statuses into the shards.
// While the store is away it lets the service take updates into the spool. Blocks; the housekeeper's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "actors/service_state.hpp"
#include "actors/store/recovery.hpp"
#include "actors/store/store_connection.hpp"
#include "actors/store/store_watch.hpp"
#include "domain/clock.hpp"
#include "storage/store.hpp"

namespace ubiety {

// Has the store make partitions for the coming days.
void ensure_partitions(StoreConnection& connection, Timestamp now);

class Startup {
 public:
  struct Parts {
    Store& store;
    ServiceState& state;
    const Clock& clock;
    StoreConnection& connection;
    StoreClaim& claim;
  };
  struct Options {
    bool may_migrate;
    std::uint32_t shards;
    LoadShard load_shard;
    std::function<void()> wait_for_shards;  // until they have what load_shard sent
    std::function<void(const std::string& reason)> give_up;
  };

  // All parts outlive it.
  Startup(const Parts& parts, Options options) : parts_(parts), options_(std::move(options)) {}

  // Tries once. Returns what was loaded, or nullopt if the latest map is not complete: then try again after the pause.
  std::optional<Recovered> attempt();
  std::chrono::milliseconds pause_before_next_attempt() const;

 private:
  bool has_claims();
  bool prepare_store();
  StoreResult<Done> continue_listening();
  std::optional<Recovered> load();
  std::optional<std::string> identity();
  void load_spool();
  void load_unread_spool(Recovered& recovered);
  bool bind_spool(const std::optional<std::string>& identity_before);
  void leave_spool_of_another(const Spool& spool);
  void leave_unreadable_spool(const StoreFailure& failure);
  void leave_spool(ServiceProblem problem);
  void warn_if_ahead(Timestamp newest_received) const;
  void note_failure(const StoreFailure& failure);
  void give_up(const std::string& reason);

  const Parts parts_;
  const Options options_;
  FailureNotice waiting_;
  bool gave_up_ = false;
};

}  // namespace ubiety
