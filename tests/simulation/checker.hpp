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
  std::uint64_t events = 0, reads = 0, crashes = 0, stops = 0, commits = 0, unknown_commits = 0, merges = 0,
                interrupted_merges = 0, finished_merges = 0, pages = 0, recovered_statuses = 0, failed_shards = 0,
                parcels_of_several = 0, partly_refused_parcels = 0, appends = 0, full_spools = 0,
                unknown_spool_writes = 0, forwarded_rows = 0, starts_by_spool = 0, steps_back = 0, removed_devices = 0,
                returned_devices = 0, sweeps = 0;

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

  // A history is asked for. Gives its ticket.
  std::uint64_t asked_for_history(const DeviceId& device_id);
  void history_read(std::uint64_t ticket, const HistoryPage& page);

  // A row was appended to the log or the spool.
  void written(const UpdateList& updates);
  // A removal is answered.
  void removed(const std::vector<log::Removal>& removals);
  // The store has other removals than before.
  void removal_written();
  // A shard does not know the removals until it has what the store has.
  void removals_unknown() { lacks_removals_ = true; }
  // A merge went on, or the spool was shortened.
  void disk_changed() { check_disk(); }

  // A start has found all; then a read of each device that stands behind what was loaded.
  void loaded() { most_expected_ = latest_of_all_records(durable_); }
  void read_after_start(const DeviceId& device_id, const std::optional<Status>& status);

  // The process is gone, and with it what was not answered.
  void process_died(std::int64_t credits_out);
  // Nothing is on its way any more: everything is answered.
  void at_rest(std::int64_t credits_out);
  // The latest map has to be what all records say: nothing is of unknown outcome.
  void read_at_rest(const DeviceId& device_id, const std::optional<Status>& status);

  void spool_failed() { has_spool_failed_ = true; }

  void violated(std::string what);
  const std::optional<std::string>& violation() const { return violation_; }

  const std::vector<StatusUpdate>& attempts() const { return attempts_; }
  Figures figures;

 private:
  void replied(std::uint64_t ticket, UpdateOutcome outcome);
  using Written = std::tuple<DeviceId, RecordKey, Timestamp>;
  static Written written_of(const StatusUpdate& update) {
    return {update.device_id, key_of(update.status), update.status.received};
  }
  void check_acknowledged(const StatusUpdate& update);
  void check_disk();
  void check_log();
  // Whether it is not certain that a device with this status is found with it.
  bool is_uncertain(const DeviceId& device_id, const std::optional<Status>& status) const {
    return has_repeats(device_id) || (status && is_hidden(device_id, *status));
  }
  // Whether a report of the device was written twice. A process that cannot ask its store takes such a report for a new
  // one, so the device's latest status may go back.
  bool has_repeats(const DeviceId& device_id) const { return repeated_.contains(device_id); }
  // Whether a status that a removal took away was newer, because the device's clock ran ahead. If both were merged
  // before the shard or the store knew of the removal, the device is missing until it reports again.
  bool is_hidden(const DeviceId& device_id, const Status& status) const;
  // The least that a read may give from now on: the newest of what was acknowledged or read, and is not removed.
  std::optional<Status> floor_of(const DeviceId& device_id) const;
  void raise_floor(StatusUpdate update);
  StatusUpdate written_instead_of(std::uint64_t ticket) const;
  // The moment of the device's last removal that is answered.
  std::optional<Timestamp> removal_of(const DeviceId& device_id) const;
  // Whether the removal that takes the status away is answered.
  bool is_gone(const DeviceId& device_id, const Status& status) const;

  const Durable& durable_;
  std::vector<StatusUpdate> attempts_;                    // by ticket
  std::vector<std::optional<Timestamp>> removed_before_;  // by ticket: see removal_of()
  std::size_t first_of_this_process_ = 0;
  std::map<std::uint64_t, UpdateOutcome> replies_;  // of this process
  std::set<Written> sent_;                          // ever
  std::set<Written> written_;                       // by this process
  std::set<Written> not_written_;                   // that this process said it did not write
  std::vector<StatusUpdate> acknowledged_;          // ever
  struct AskedHistory {
    DeviceId device_id;
    std::size_t acknowledged;          // how many updates were when it was asked for
    std::optional<Timestamp> removed;  // the moment of the last removal that was answered by then
  };
  std::vector<AskedHistory> asked_histories_;  // by ticket
  using Receipts = std::map<std::pair<DeviceId, RecordKey>, Timestamp>;
  Receipts receipts_;  // of the reports that were written first, and are not removed
  Receipts earliest_;  // of all that were written
  std::set<DeviceId> repeated_;
  std::map<DeviceId, std::vector<Status>> ever_written_;
  std::map<DeviceId, std::vector<Status>> seen_;  // acknowledged or read, as they were received first
  std::map<DeviceId, Timestamp> removed_;         // by removals that are answered
  LatestMap least_expected_, most_expected_;      // of a start: that of its beginning, and that of its end
  bool has_spool_failed_ = false, lacks_removals_ = false;
  std::optional<std::string> violation_;
};

}  // namespace ubiety::simulation
