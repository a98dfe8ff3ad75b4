// Compaction of closed days in PostgreSQL: a device's open segments of a day, which many merges wrote, and the closed
// ones become few closed segments.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "domain/thread_safety.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/postgres/segment_table.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

// The days (UTC, since 1970) that have open segments. Any thread.
class OpenDays {
 public:
  bool are_known() const;

  // Adds all that the database has.
  void set_known(const std::set<std::int64_t>& days);
  // Adds those of a merge. Call it after its commit: done() must not forget what it could not see.
  void add(const std::set<std::int64_t>& days);

  struct Day {
    std::int64_t number;
    std::uint64_t version;  // rises with each merge
    std::uint64_t backlog;  // days, with this one
  };
  // The first day before `today`, if any.
  std::optional<Day> first_before(std::int64_t today) const;
  // Forgets a day that had no open segment at this version.
  void done(const Day& day);

 private:
  mutable Mutex mutex_;
  bool are_known_ GUARDED_BY(mutex_) = false;
  std::map<std::int64_t, std::uint64_t> versions_ GUARDED_BY(mutex_);
  std::uint64_t last_version_ GUARDED_BY(mutex_) = 0;
};

// The connection's thread. Throws SqlError and BadRow.
class Compactor {
 public:
  // All references outlive this object.
  Compactor(Connection& connection, const OwnerEpoch& epoch, OpenDays& days)
      : connection_(connection), epoch_(epoch), days_(days), segments_(connection) {}

  // See Session::compact.
  Compacted step(Timestamp now);

 private:
  void look_for_days();
  // Compacts the next devices of a day. Returns false if none was left.
  bool compact_devices(std::int64_t day, Compacted& compacted);
  // Returns the space of the day's open segments, which are all gone.
  void free_space(std::int64_t day);

  Connection& connection_;
  const OwnerEpoch& epoch_;
  OpenDays& days_;
  SegmentTable segments_;
  std::optional<std::int64_t> day_;  // the one under way
  std::string device_id_;            // and how far it came
};

}  // namespace ubiety::postgres
