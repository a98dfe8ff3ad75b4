#include "storage/postgres/all_records.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/log/merge_plan.hpp"
#include "storage/postgres/log_load.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* no_time_limit = "SET LOCAL statement_timeout = 0";  // until the transaction ends

// The updates of the log that a selection wants, by device.
class LoggedUpdates final : public LoadSink {
 public:
  explicit LoggedUpdates(const Selection& selection) : selection_(selection) {}

  void take_latest(log::LatestStatus&&) override {}
  void note_damage(log::Position, const std::string&) override {}
  void note_damaged_latest(const std::string&) override {}
  void take_row(log::Row&& row) override {
    for (auto& [device_id, status] : row.updates) {
      if (selection_.device_id && device_id != *selection_.device_id) continue;
      if (device_id.starts_with(selection_.prefix)) of_device[device_id].push_back(status);
    }
  }

  std::map<DeviceId, std::vector<Status>> of_device;

 private:
  const Selection& selection_;
};

}  // namespace

void read_all_records(Connection& connection, SegmentTable& segments, RemovedTable& removed, const Selection& selection,
                      const StatusSink& sink) {
  Transaction transaction(connection, one_snapshot);
  connection.run(no_time_limit);
  log::Removals removals;
  removed.load([&](log::Removal&& removal) { removals.add(removal); });
  LoggedUpdates logged(selection);
  UnreadableRows unreadable;
  load_log(connection, logged, unreadable);

  DeviceId device_id;
  std::vector<Status> records;
  const auto pass_on = [&] {
    std::erase_if(records, [&](const Status& record) { return removals.take(device_id, record); });
    log::sort_and_fold(records);
    for (const auto& record : records)
      if ((!selection.since || record.timestamp >= *selection.since) &&
          (!selection.before || record.timestamp < *selection.before))
        sink({device_id, record});
    records.clear();
  };
  // Passes on the device before, and those in between that only the log has.
  const auto begin_device = [&](const std::string_view* next) {
    pass_on();
    while (!logged.of_device.empty() && (!next || logged.of_device.begin()->first < *next)) {
      auto only_logged = logged.of_device.extract(logged.of_device.begin());
      device_id = std::move(only_logged.key());
      records = std::move(only_logged.mapped());
      pass_on();
    }
    if (!next) return;
    device_id = *next;
    if (auto also_logged = logged.of_device.extract(device_id)) records = std::move(also_logged.mapped());
  };
  segments.read_all(selection, [&](std::string_view of_device, std::vector<Status>&& segment) {
    if (of_device != device_id) begin_device(&of_device);
    records.insert(records.end(), segment.begin(), segment.end());
  });
  begin_device(nullptr);
  transaction.commit();
}

}  // namespace ubiety::postgres
