// The latest status of each device in PostgreSQL: the table device_latest, see docs/FORMATS.md. The connection's
// thread. All throw SqlError and BadRow.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "storage/log/merge_plan.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/store.hpp"

namespace ubiety::postgres {

class LatestTable {
 public:
  LatestTable(Connection& connection, NewerThan newer_than) : connection_(connection), newer_than_(newer_than) {}

  // Passes the statuses to `sink`, in a transaction and its snapshot.
  void load(LoadSink& sink);

  // Replaces the statuses that are older by NewerThan, and the newest timestamps that are earlier. In the order of the
  // device ids, so that two writers wait for each other instead of deadlocking.
  void raise(std::span<const log::LatestStatus> statuses);

  // The same with the rows of a database of an earlier version that its checkpoint does not reflect.
  void raise_from_rows();

  // Raises the newest timestamps of devices, by themselves.
  void raise_newest(std::span<const std::pair<DeviceId, Timestamp>> newest);

  // Replaces those of these devices.
  void replace(std::span<const log::LatestStatus> statuses);

  // Replaces all, in a transaction.
  void rewrite(std::span<const log::LatestStatus> statuses);

 private:
  void load_all(LoadSink& sink);
  void load_pages(LoadSink& sink, std::int64_t first, std::int64_t count);
  void write(const std::string& statement, std::span<const log::LatestStatus> statuses);

  Connection& connection_;
  const NewerThan newer_than_;
};

}  // namespace ubiety::postgres
