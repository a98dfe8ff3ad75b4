#include "actors/store/writer.hpp"

#include <caf/actor_cast.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include "actors/store/own_thread.hpp"
#include "actors/store/spawn.hpp"
#include "domain/random.hpp"
#include "domain/thread_safety.hpp"
#include "telemetry/log.hpp"

namespace ubiety {
namespace {

using Kind = StoreFailure::Kind;

constexpr std::chrono::milliseconds longest_reading{200};  // of a history in buckets; commits wait meanwhile

// Sets the outcome of these updates, and of their repetitions.
void mark(const std::vector<std::shared_ptr<Batch>>& batches, const std::unordered_set<const StatusUpdate*>& updates,
          UpdateOutcome outcome) {
  if (updates.empty()) return;
  for (const auto& batch : batches) {
    for (const auto& parcel : batch->parcels)
      for (auto& each : parcel->updates())
        if (updates.contains(&each.update)) each.outcome = outcome;
    for (const auto& [update, row] : batch->repetitions)
      if (updates.contains(row)) update->outcome = outcome;
  }
}

log::StreamId new_stream() { return static_cast<log::StreamId>(random_secret() >> 1 | 1); }

}  // namespace

LogAppender::LogAppender(Store& store, ServiceState& state, StoreConnection::Notice notice, ReportLost report_lost)
    : report_lost_(std::move(report_lost)),
      connection_(store, "writer", std::move(notice), Sharing::keeps, &state.metrics.sessions) {}

StoreResult<log::Position> LogAppender::append(const UpdateList& updates) {
  return connection_.use([&](Session& session) { return append_with(session, updates); });
}

StoreResult<log::Position> LogAppender::append_with(Session& session, const UpdateList& updates) {
  if (is_in_spool_) leave_stream();
  if (auto prepared = prepare(session); !prepared) return Failure{prepared.error()};
  if (is_outcome_unknown_) {
    const auto unknown = next();
    if (auto settled = settle(session); !settled) return Failure{settled.error()};
    if (log::Position{*stream_, last_} == unknown) return unknown;
  }
  const auto position = next();
  const auto appended = session.append(position, updates);
  if (appended) {
    ++last_;
    return position;
  }
  is_outcome_unknown_ = appended.error().kind == Kind::unavailable;
  if (appended.error().kind != Kind::stream_closed) return Failure{appended.error()};
  // Another process took the store over, which the housekeeper finds out, or the database is an older one.
  if (last_ != 0) report_lost_(*stream_, 0);
  leave_stream();
  return Failure{StoreFailure{Kind::unavailable, appended.error().message}};
}

// Opens a stream unless one is open.
StoreResult<Done> LogAppender::prepare(Session& session) {
  if (is_open_) return Done{};
  if (!stream_) stream_ = new_stream();
  auto opened = session.open_stream(*stream_);
  is_open_ = opened.ok();
  return opened;
}

// The last append may have been committed, or not. Any earlier row that is missing was acknowledged, and is lost.
StoreResult<Done> LogAppender::settle(Session& session) {
  const auto found = session.last_appended(*stream_);
  const bool is_closed = !found && found.error().kind == Kind::stream_closed;
  if (!found && !is_closed) return Failure{found.error()};
  const auto last = is_closed ? 0 : *found;
  is_outcome_unknown_ = false;
  if (last >= last_) {
    last_ = last;
    return Done{};
  }
  report_lost_(*stream_, last);
  leave_stream();
  return prepare(session);
}

void LogAppender::leave_stream() {
  stream_.reset();
  last_ = 0;
  is_open_ = is_in_spool_ = is_outcome_unknown_ = false;
}

StoreResult<log::Position> LogAppender::append_to(Spool& spool, const UpdateList& updates) {
  if (!stream_) stream_ = new_stream();
  const auto position = next();
  is_in_spool_ = true;  // after a failure too: the spool may have the row
  auto appended = spool.append(position, updates);
  if (!appended) return Failure{appended.error()};
  ++last_;
  is_outcome_unknown_ = false;
  return position;
}

StoreResult<std::vector<bool>> LogAppender::has_records(const UpdateList& updates) {
  auto found = connection_.use([&](Session& session) { return session.has_records(updates); });
  note_reading(found.ok());
  return found;
}

StoreResult<HistoryOutcome> LogAppender::read(const std::function<StoreResult<HistoryOutcome>(Session&)>& action) {
  auto page = connection_.use_quietly(action);
  note_reading(page.ok());
  return page;
}

// Behind the next session may be a standby that lacks rows.
void LogAppender::note_reading(bool succeeded) {
  if (!succeeded && is_open_) is_outcome_unknown_ = true;
}

BatchCommitter::BatchCommitter(Store& store, ServiceState& state, std::stop_token stopping, ReportLost report_lost)
    : state_(state),
      appender_(
          store, state,
          [&readiness = state.readiness](bool available) {
            return readiness.spool() == nullptr ? readiness.set_commits_succeed(available)
                                                : readiness.set_spooling(!available);
          },
          std::move(report_lost)),
      stopping_(std::move(stopping)) {}

bool BatchCommitter::commit(const std::vector<std::shared_ptr<Batch>>& batches) {
  const auto updates = without_stored(batches);
  const auto first_began = std::chrono::steady_clock::now();
  Updates refused;
  std::deque<UpdateList> pieces;
  if (!updates.empty()) pieces.push_back(updates);
  position_ = {};
  for (int failed_attempts = 0; !pieces.empty();) {
    const auto failure = append_first(pieces, refused);
    if (!failure) continue;
    ++state_.metrics.commits.failures;
    if (failed_attempts == 0)
      log::warning("an append to the log failed, its outcome is unknown; appending it again",
                   {{"updates", updates.size()}, {"reason", failure->message}});
    wait_before_next_attempt(++failed_attempts);
    if (stopping_.stop_requested() || state_.readiness.store_lost()) return false;
  }
  mark(batches, refused, UpdateOutcome::refused);
  for (const auto& batch : batches) {
    batch->position = position_;
    batch->commit = {first_began, std::chrono::steady_clock::now(), batch->write.size()};
  }
  return true;
}

// An update that the store refuses is found by halving. A piece whose outcome is unknown stays the first, as it is,
// until the outcome is known.
std::optional<StoreFailure> BatchCommitter::append_first(std::deque<UpdateList>& pieces, Updates& refused) {
  const auto piece = pieces.front();
  const auto began = std::chrono::steady_clock::now();
  const auto appended = append_row(piece);
  if (!appended && appended.error().kind != Kind::rejected) return appended.error();
  pieces.pop_front();
  if (appended) {
    position_ = *appended;
    note_commit(piece.size(), std::chrono::steady_clock::now() - began);
  } else if (piece.size() == 1) {
    log::error("the store refuses an update",
               {{"device_id", piece.front()->device_id}, {"reason", appended.error().message}});
    refused.insert(piece.front());
  } else {
    const auto middle = piece.begin() + static_cast<std::ptrdiff_t>(piece.size() / 2);
    pieces.emplace_front(middle, piece.end());
    pieces.emplace_front(piece.begin(), middle);
  }
  return std::nullopt;
}

void BatchCommitter::note_applied() {
  for (const auto& position : in_store_) state_.committed.raise_to(position);
  in_store_.clear();
}

// Asks the store only for updates that look like repetitions, and that would become the latest status otherwise. While
// the store is away they count as new.
UpdateList BatchCommitter::without_stored(const std::vector<std::shared_ptr<Batch>>& batches) {
  UpdateList updates, doubtful;
  for (const auto& batch : batches) {
    updates.insert(updates.end(), batch->write.begin(), batch->write.end());
    doubtful.insert(doubtful.end(), batch->doubtful.begin(), batch->doubtful.end());
    state_.metrics.commits.lost.fetch_add(batch->resent.size(), std::memory_order_relaxed);
  }
  if (doubtful.empty() || !state_.readiness.is_loaded() || state_.readiness.spooling()) return updates;
  state_.metrics.commits.looked_up.fetch_add(doubtful.size(), std::memory_order_relaxed);
  const auto found = appender_.has_records(doubtful);
  if (!found) return updates;
  Updates stored;
  for (std::size_t i = 0; i < doubtful.size(); ++i)
    if ((*found)[i]) stored.insert(doubtful[i]);
  mark(batches, stored, UpdateOutcome::duplicate);
  std::erase_if(updates, [&](const auto* update) { return stored.contains(update); });
  return updates;
}

StoreResult<log::Position> BatchCommitter::append_row(const UpdateList& updates) {
  auto* const spool = state_.readiness.spool();
  // Before the latest map is loaded the store's schema may be missing or an old one.
  const bool may_use_store = spool == nullptr || (state_.readiness.is_loaded() && !state_.readiness.spooling());
  if (may_use_store) {
    auto appended = appender_.append(updates);
    if (appended) {
      in_store_.push_back(*appended);
      if (spool != nullptr) state_.readiness.set_commits_succeed(true);
    }
    if (appended || spool == nullptr || appended.error().kind == Kind::rejected) return appended;
  }
  return append_to(*spool, updates);
}

StoreResult<log::Position> BatchCommitter::append_to(Spool& spool, const UpdateList& updates) {
  const auto lost = state_.readiness.store_lost();
  auto appended = lost ? StoreResult<log::Position>(Failure{StoreFailure{Kind::unavailable, *lost}})
                       : appender_.append_to(spool, updates);
  if (state_.readiness.set_commits_succeed(appended.ok())) {
    if (appended)
      log::info("the spool takes updates again");
    else
      log::error("the spool takes no updates", {{"reason", appended.error().message}});
  }
  if (!appended) state_.readiness.set_spooling(false);  // the next attempt asks the store again
  return appended;
}

void BatchCommitter::note_commit(std::size_t updates, std::chrono::duration<double> seconds) {
  auto& metrics = state_.metrics.commits;
  metrics.seconds.observe(seconds.count());
  metrics.updates.observe(static_cast<double>(updates));
  metrics.committed.fetch_add(updates, std::memory_order_relaxed);
}

void BatchCommitter::wait_before_next_attempt(int failed_attempts) {
  using namespace std::chrono_literals;
  const auto pause = std::min<std::chrono::milliseconds>(20ms * (1 << std::min(failed_attempts, 6)), 250ms);
  Mutex mutex;
  ConditionVariable stopped;
  const MutexLock lock(mutex);
  stopped.wait_for(mutex, stopping_, pause, [] { return false; });
}

namespace {

struct WriterOptions {
  Store* store;
  ServiceState* state;
  std::stop_token stopping;
  NotifyShard notify_shard;
  ReportLost report_lost;
  KeepInShard keep_in_shard;
};

void writer(caf::blocking_actor* self, const WriterOptions& options) {
  std::vector<std::shared_ptr<Batch>> waiting;
  std::deque<ReadHistory> histories;
  bool running = true;
  const auto receive_one = [&] {
    self->receive([&](CommitBatch& message) { waiting.push_back(std::move(message.batch)); },
                  [&](ReadHistory& message) { histories.push_back(std::move(message)); },
                  [&](const caf::exit_msg&) { running = false; });
  };
  // One between two commits.
  const auto answer_history_with = [&](BatchCommitter& committer) {
    auto message = std::move(histories.front());
    histories.pop_front();
    message.deadline = std::min(message.deadline, std::chrono::steady_clock::now() + longest_reading);
    const auto read = [&](const auto& action) { return committer.read(action); };
    if (!answer_history(read, message, *options.state, options.keep_in_shard))
      message.reply({HistoryOutcome::Kind::unavailable});
  };
  run_supervised("writer", *options.state, [&] {
    BatchCommitter committer(*options.store, *options.state, options.stopping, options.report_lost);
    while (running || !waiting.empty() || !histories.empty()) {
      if (waiting.empty() && histories.empty()) receive_one();
      while (self->has_next_message()) receive_one();
      if (!histories.empty()) answer_history_with(committer);
      if (waiting.empty()) continue;
      const bool committed = committer.commit(waiting);
      if (!committed) committer.give_up();
      while (!waiting.empty()) {
        const auto batch = std::move(waiting.back());
        waiting.pop_back();
        options.notify_shard(batch->shard, {batch, committed});
      }
      committer.note_applied();
    }
  });
}

}  // namespace

WriterActor spawn_writer(caf::actor_system& system, Store& store, ServiceState& state, std::stop_token stopping,
                         NotifyShard notify_shard, ReportLost report_lost, KeepInShard keep_in_shard) {
  // CAF 0.17 has no typed blocking actor; this one receives the messages of WriterActor.
  return caf::actor_cast<WriterActor>(
      system.spawn<caf::detached>(writer, WriterOptions{&store, &state, std::move(stopping), std::move(notify_shard),
                                                        std::move(report_lost), std::move(keep_in_shard)}));
}

}  // namespace ubiety
