#include "storage/sqlite/logged_history.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <type_traits>
#include <utility>

#include "domain/status.hpp"

namespace ubiety::sqlite {
namespace {

// A merge is spread over at most so many commits.
constexpr std::size_t most_commits_of_a_merge = 256;
constexpr std::size_t merged_at_once = 2'000;  // when no commit asks for it

// A commit may come between a snapshot and a look at the memory, but not again and again.
constexpr int most_snapshots = 100;

constexpr Timestamp oldest_timestamp{std::numeric_limits<std::int64_t>::min()};

Error put_back() {
  return {SQLITE_CORRUPT, "the database is older than what was read from it: was it put back under the service?"};
}

// The table has constraints that say this; the log is text.
void check_ranges(const Status& status) {
  if (status.battery_level > max_battery_level || status.rssi < min_rssi || status.rssi > max_rssi)
    throw Error(SQLITE_CONSTRAINT, "a status is out of its range");
}

}  // namespace

// Nobody else changes the log or what is known of it while a transaction may write.
Committed LoggedHistory::commit(const WriteBatch& batch) {
  Transaction transaction(database_);
  const auto state = state_for_writing();
  const auto lanes = divide(batch);
  const auto settled = settle(lanes.settled, batch.doubtful.size());
  const auto row = state.newest_row + 1;
  log_.append(row, lanes.logged, lanes.settled);

  auto progress = state.progress;
  if (settled.took_from_log) ++progress.version;
  if (!progress.is_merging() && is_time_to_merge()) progress.begin_merge(state.newest_row);
  if (progress.is_merging())
    merge_some(progress, std::max(unmerged_.merge_from() / most_commits_of_a_merge + 1,
                                  2 * (batch.fresh.size() + batch.doubtful.size())));
  if (progress.version != state.progress.version) log_.put(progress);
  transaction.commit();
  note_committed(row, lanes, progress);
  return {settled.fresh_are_new};
}

void LoggedHistory::note_committed(std::int64_t row, const Lanes& lanes, const MergeProgress& progress) {
  const auto unmerged = unmerged_.lock();
  if (unmerged->newest_row() >= row) return;  // a reader has seen the commit and caught up with it already
  const auto older = [](const DeviceId&) { return oldest_timestamp; };  // than the update, as divide() saw
  for (const auto* update : lanes.logged) unmerged->add(row, *update, older);
  for (const auto* update : lanes.settled) unmerged->settle(*update);
  unmerged->advance_to_row(row);
  unmerged->advance(progress);
}

// Returns where the log is in the open transaction, and brings `unmerged` there; nullopt if `unmerged` is further
// already, and has forgotten what this transaction still finds in the log.
std::optional<UpdateLog::State> LoggedHistory::synchronize(UnmergedUpdates& unmerged) {
  auto state = log_.state();
  if (unmerged.progress().log_identity != state.progress.log_identity) {
    if (unmerged.is_owned()) throw put_back();
    unmerged.begin_anew(state.progress.log_identity);
  }
  if (unmerged.progress().version > state.progress.version || unmerged.newest_row() > state.newest_row)
    return std::nullopt;
  log_.catch_up(state, unmerged, [this](const DeviceId& device_id) { return newest_in_table(device_id); });
  return state;
}

void LoggedHistory::catch_up() { synchronize(*unmerged_.lock()); }

UpdateLog::State LoggedHistory::state_for_writing() {
  const auto unmerged = unmerged_.lock();
  if (!unmerged->is_owned()) throw Error(SQLITE_READONLY, "this process does not own the store");
  if (const auto state = synchronize(*unmerged)) return *state;
  throw put_back();
}

LoggedHistory::Lanes LoggedHistory::divide(const WriteBatch& batch) {
  Lanes lanes;
  lanes.settled = batch.doubtful;
  auto fresh = batch.fresh;
  std::sort(fresh.begin(), fresh.end(), [](const auto* left, const auto* right) { return key_before(*left, *right); });
  const auto unmerged = unmerged_.lock();
  for (const auto* update : fresh) {
    const auto* previous = lanes.logged.empty() ? nullptr : lanes.logged.back();
    const bool of_the_same = previous != nullptr && previous->device_id == update->device_id;
    const auto newest = of_the_same ? previous->status.timestamp : newest_stored(*unmerged, update->device_id);
    if (newest >= update->status.timestamp) {
      lanes.settled.push_back(update);
      continue;
    }
    check_ranges(update->status);
    lanes.logged.push_back(update);
  }
  return lanes;
}

Timestamp LoggedHistory::newest_stored(const UnmergedUpdates& unmerged, const DeviceId& device_id) {
  if (const auto newest = unmerged.newest(device_id)) return *newest;
  return newest_in_table(device_id);
}

Timestamp LoggedHistory::newest_in_table(const DeviceId& device_id) {
  return table_.newest(device_id).value_or(oldest_timestamp);
}

// The first `doubtful` of them may be there already; the others came as fresh.
LoggedHistory::Settled LoggedHistory::settle(const UpdateList& updates, std::size_t doubtful) {
  Settled settled;
  for (std::size_t i = 0; i < updates.size(); ++i) {
    const auto& update = *updates[i];
    const auto logged = unmerged_.lock()->repetition_of(update);
    if (logged) table_.merge({update.device_id, *logged});
    settled.took_from_log = settled.took_from_log || logged;
    if (i >= doubtful && !logged && table_.insert(update)) continue;
    table_.merge(update);
    if (i >= doubtful) settled.fresh_are_new = false;
  }
  return settled;
}

bool LoggedHistory::is_time_to_merge() { return unmerged_.lock()->are_to_be_merged(); }

void LoggedHistory::merge_some(MergeProgress& progress, std::size_t about) {
  const auto updates = unmerged_.lock()->next_to_merge(progress, about);
  for (const auto& update : updates) table_.merge(update);
  if (updates.size() < about)
    progress.end_merge();
  else
    progress.merge_to(updates.back());
}

void LoggedHistory::merge_all() {
  std::optional<std::int64_t> last_row;
  for (std::int64_t merged_through = -1; !last_row || merged_through < *last_row;) {
    Transaction transaction(database_);
    const auto state = state_for_writing();
    if (!last_row) last_row = state.newest_row;
    auto progress = state.progress;
    if (!progress.is_merging()) progress.begin_merge(state.newest_row);
    merge_some(progress, merged_at_once);
    log_.put(progress);
    transaction.commit();

    unmerged_.lock()->advance(progress);
    merged_through = progress.merged_through;
  }
}

// Calls `look` with the locked updates, in a snapshot in which they are the log, and in the same snapshot `read` with
// what `look` returned.
template <class Look, class Read>
auto LoggedHistory::in_snapshot(Look look, Read read) {
  using Found = std::invoke_result_t<Look, const UnmergedUpdates&>;
  for (int attempt = 0; attempt < most_snapshots; ++attempt) {
    const Snapshot snapshot(database_);
    auto logged = [&]() -> std::optional<Found> {
      const auto unmerged = unmerged_.lock();
      if (!synchronize(*unmerged)) return std::nullopt;
      return look(*unmerged);
    }();
    if (logged) return read(std::move(*logged));
  }
  throw put_back();
}

HistoryPage LoggedHistory::page(const HistoryQuery& query) {
  const auto look = [&](const UnmergedUpdates& unmerged) { return unmerged.matching(query, query.limit + 1); };
  return in_snapshot(look, [&](const UnmergedUpdates::Matching& logged) {
    auto page = page_of(query, logged);
    database_.expect_in_place();
    return page;
  });
}

HistoryPage LoggedHistory::page_of(const HistoryQuery& query, const UnmergedUpdates::Matching& logged) {
  HistoryPage page;
  const auto settled = table_.records(query, query.limit + 1);
  std::merge(logged.records.begin(), logged.records.end(), settled.begin(), settled.end(),
             std::back_inserter(page.records), newest_first);
  page.has_more = page.records.size() > query.limit;
  if (page.has_more) page.records.resize(query.limit);

  if (!page.has_more && !query.after)
    page.total_records = page.records.size();
  else
    page.total_records = query.total_records ? *query.total_records : table_.count(query) + logged.count;
  return page;
}

void LoggedHistory::read_all(const StatusSink& sink) {
  const auto look = [](const UnmergedUpdates& unmerged) { return unmerged.all(); };
  in_snapshot(look, [&](std::vector<StatusUpdate>&& logged) {
    table_.read_all(sink);
    for (auto& update : logged) sink(std::move(update), Origin::history);
  });
}

Expired LoggedHistory::expire(Timestamp expired_before) {
  if (table_.expires_from_the_first_device()) merge_all();
  Transaction transaction(database_);
  state_for_writing();
  const auto expired = table_.expire(expired_before);
  transaction.commit();
  return expired;
}

void LoggedHistory::write_beside(const std::function<void()>& write) {
  Transaction transaction(database_);
  auto progress = state_for_writing().progress;
  write();
  ++progress.version;
  log_.put(progress);
  transaction.commit();
  unmerged_.lock()->advance(progress);
}

void LoggedHistory::trim(Timestamp watermark) {
  while (log_.trim(watermark)) {
  }
}

}  // namespace ubiety::sqlite
