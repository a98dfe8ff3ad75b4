// What must hold. It is told whatever the world outside can see, and what the disk holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/parcel.hpp"
#include "simulation/durable.hpp"
#include "storage/store.hpp"

namespace ubiety::simulation {

// How often things happened, to see that a run was not an idle one.
struct Figures {
  std::map<UpdateOutcome, std::uint64_t> outcomes;
  std::uint64_t events = 0, reads = 0, crashes = 0, stops = 0, commits = 0, unknown_commits = 0, watermarks = 0,
                recovered_statuses = 0, failed_shards = 0, parcels_of_several = 0, partly_refused_parcels = 0,
                appends = 0, full_spools = 0, unknown_spool_writes = 0, forwarded_slices = 0, starts_by_spool = 0,
                steps_back = 0, lowered_watermarks = 0;

  void add(const Figures& other);
};

class Checker {
 public:
  explicit Checker(const Durable& durable) : durable_(durable) {}

  // An update is sent. Gives its ticket.
  std::uint64_t attempted(const StatusUpdate& update);
  // A parcel is answered whose updates were attempted in their order, the first of them under this ticket.
  void replied(std::uint64_t first_ticket, const Parcel& parcel);
  void read(const DeviceId& device_id, const std::optional<Status>& status);

  // Rows were committed, or appended to the spool.
  void committed(const UpdateList& updates);
  void appended(const UpdateList& updates) { committed(updates); }
  // The checkpoint or its watermark was written, or the spool shortened.
  void disk_changed() { check_start(); }

  // A start has found all; then a read of each device that stands behind what was loaded.
  void loaded() { most_expected_ = latest_of_all_rows(durable_); }
  void read_after_start(const DeviceId& device_id, const std::optional<Status>& status);

  // The process is gone, and with it what was not answered.
  void process_died(std::int64_t credits_out);
  // Nothing is on its way any more: everything is answered.
  void at_rest(std::int64_t credits_out);
  // The latest map has to be what all rows say: nothing is of unknown outcome.
  void read_at_rest(const DeviceId& device_id, const std::optional<Status>& status);

  void violated(std::string what);
  const std::optional<std::string>& violation() const { return violation_; }

  const std::vector<StatusUpdate>& attempts() const { return attempts_; }
  Figures figures;

 private:
  void replied(std::uint64_t ticket, UpdateOutcome outcome);
  using Written = std::tuple<DeviceId, RowKey, Timestamp>;
  static Written written_of(const StatusUpdate& update) {
    return {update.device_id, key_of(update.status), update.status.received};
  }
  void check_acknowledged(const StatusUpdate& update);
  void check_start();
  // The least that a read may give from now on.
  void raise_floor(const StatusUpdate& update);

  const Durable& durable_;
  std::vector<StatusUpdate> attempts_;  // by ticket
  std::size_t first_of_this_process_ = 0;
  std::map<std::uint64_t, UpdateOutcome> replies_;  // of this process
  std::set<Written> sent_;                          // ever
  std::set<Written> written_;                       // by this process
  std::set<Written> not_written_;                   // that this process said it did not write
  std::vector<StatusUpdate> acknowledged_;          // ever
  LatestMap floor_;
  LatestMap least_expected_, most_expected_;  // of a start: that of its beginning, and that of its end
  std::optional<std::string> violation_;
};

}  // namespace ubiety::simulation
