#include "storage/sqlite/removed_devices.hpp"

#include <string_view>
#include <utility>

namespace ubiety::sqlite {
namespace {

constexpr std::string_view put_removal = R"sql(
  INSERT INTO removed_device (device_id, removed_at) VALUES (?1, ?2)
  ON CONFLICT DO UPDATE SET removed_at = max(removed_at, excluded.removed_at), swept = 0)sql";
constexpr std::string_view select_one = "SELECT removed_at FROM removed_device WHERE device_id = ?1";
constexpr std::string_view select_all = "SELECT device_id, removed_at FROM removed_device";

constexpr std::string_view select_to_sweep = R"sql(
  SELECT device_id, removed_at FROM removed_device WHERE NOT swept ORDER BY device_id LIMIT 200)sql";
constexpr std::string_view put_swept = "UPDATE removed_device SET swept = 1 WHERE device_id = ?1";

constexpr std::string_view select_before = R"sql(
  SELECT device_id, removed_at FROM removed_device WHERE removed_at < ?1 LIMIT 200)sql";
constexpr std::string_view delete_removal = "DELETE FROM removed_device WHERE device_id = ?1";

constexpr std::chrono::milliseconds longest_transaction{1};  // an append waits no longer

std::vector<log::Removal> removals_from(Statement& rows) {
  std::vector<log::Removal> removals;
  while (rows.next()) removals.push_back({DeviceId(rows.text(0)), {rows.integer(1)}});
  return removals;
}

}  // namespace

RemovedDevices::RemovedDevices(Database& database, SharedState& shared, UpdateLog& log, SegmentTable& segments,
                               LatestTable& latest)
    : database_(database),
      shared_(shared),
      log_(log),
      segments_(segments),
      latest_(latest),
      put_(database, put_removal),
      read_(database, select_all),
      find_(database, select_one),
      to_sweep_(database, select_to_sweep),
      note_swept_(database, put_swept),
      before_(database, select_before),
      forget_(database, delete_removal) {}

void RemovedDevices::put(const log::Removal& removal) {
  put_->bind(1, removal.device_id).bind(2, removal.at.microseconds).run();
}

void RemovedDevices::read(const std::function<void(log::Removal&&)>& sink) {
  while (read_->next()) sink({DeviceId(read_->text(0)), {read_->integer(1)}});
}

std::optional<Timestamp> RemovedDevices::find(const DeviceId& device_id) {
  std::optional<Timestamp> removed;
  find_->bind(1, device_id);
  while (find_->next()) removed = Timestamp{find_->integer(0)};
  return removed;
}

Swept RemovedDevices::sweep() {
  shared_.expect_owned();
  Swept swept;
  const auto removals = removals_from(*to_sweep_);
  if (!removals.empty()) sweep(removals, *note_swept_, swept);
  swept.has_more = !removals.empty();
  return swept;
}

bool RemovedDevices::forget(Timestamp before) {
  shared_.expect_owned();
  Swept swept;
  const auto removals = removals_from(before_->bind(1, before.microseconds));
  if (!removals.empty()) sweep(removals, *forget_, swept);
  return removals.empty();
}

bool RemovedDevices::sweep(const std::vector<log::Removal>& removals, Statement& finish, Swept& swept) {
  const WithoutSync without_sync(database_);
  WriteTransaction transaction(database_, shared_, log_);
  const auto end = Clock::now() + longest_transaction;
  bool is_last = false;
  for (const auto& removal : removals) {
    if (!sweep(removal, end, swept)) break;
    finish.bind(1, removal.device_id).run();
    ++swept.devices;
    is_last = &removal == &removals.back();
    if (Clock::now() > end) break;
  }
  const auto version = log_.raise_version();
  transaction.commit();
  shared_.note_version(version);
  return is_last;
}

// At least one segment goes in each transaction, so that the next one has fewer.
bool RemovedDevices::sweep(const log::Removal& removal, Clock::time_point end, Swept& swept) {
  latest_.remove(removal);
  const auto before = swept.segments;
  for (const auto& segment : segments_.overlapping(removal.device_id, before_all_times, after_all_times)) {
    if (swept.segments != before && Clock::now() > end) return false;
    if (segment.last <= removal.at) {
      segments_.remove(removal.device_id, segment);
      ++swept.segments;
    } else {
      cut(removal, segment, swept);
    }
  }
  return true;
}

// Leaves a segment alone that cannot be read.
void RemovedDevices::cut(const log::Removal& removal, const SegmentTable::Segment& segment, Swept& swept) {
  auto records = guarded([&] { return segments_.records(removal.device_id, segment.id); });
  if (!records) return;
  if (std::erase_if(*records, [&](const Status& record) { return is_removed(record, removal.at); }) == 0) return;
  segments_.remove(removal.device_id, segment);
  segments_.insert(removal.device_id, *records);
  ++swept.segments;
}

}  // namespace ubiety::sqlite
