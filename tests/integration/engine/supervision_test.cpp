// Actors that fail inside the real engine, over a real store: they are made anew, what was on its way is settled, and
// what was acknowledged is there.
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

#include "integration/engine/real_engine.hpp"
#include "storage/migrations.hpp"
#include "storage/sqlite/store.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using test::wait_until;

using test::Awaited;
constexpr auto patience = test::engine_patience;

// Sessions cannot be had while it is broken: not a failure of the store, but what nobody foresaw.
class BreakableStore final : public Store {
 public:
  explicit BreakableStore(std::string path) : store_(std::move(path)) {}

  StoreResult<std::unique_ptr<Session>> open() override {
    if (broken > 0) {
      --broken;
      throw std::runtime_error("as the test wants it");
    }
    return store_.open();
  }
  StoreResult<std::unique_ptr<Migrator>> open_migrator() override { return store_.open_migrator(); }
  StoreResult<std::unique_ptr<KeyStore>> open_keys() override { return store_.open_keys(); }
  Ownership& ownership() override { return store_.ownership(); }
  std::string_view name() const override { return store_.name(); }

  std::atomic<int> broken{0};  // for so many sessions

 private:
  sqlite::SqliteStore store_;
};

std::atomic<bool> rendering_fails{false};

void render(std::string& out, std::string_view device_id, const DeviceState&) {
  if (rendering_fails.exchange(false)) throw std::runtime_error("as the test wants it");
  out.append(",").append(device_id);
}

class Supervision : public ::testing::Test {
 protected:
  void start() { test::start_and_wait(engine_); }

  static StatusUpdate update_of(const DeviceId& device_id) {
    static Timestamp received = SystemClock().now();
    received = received + 1ms;
    return {device_id, {received, received, -60, 76, true}};
  }

  static HistoryQuery history_of(const DeviceId& device_id) {
    HistoryQuery query;
    query.device_id = device_id;
    return query;
  }

  void submit(const StatusUpdate& update, Awaited<ParcelPointer>& answer) {
    auto parcel = std::make_unique<Parcel>(engine_.shard_of(update.device_id), update);
    parcel->deadline = std::chrono::steady_clock::now() + patience;
    parcel->reply = answer.reply();
    engine_.submit(std::move(parcel));
    engine_.end_turn();
  }
  static UpdateOutcome outcome_of(Awaited<ParcelPointer>& answer) { return answer.get()->updates().front().outcome; }
  UpdateOutcome submit(const StatusUpdate& update) {
    Awaited<ParcelPointer> answer;
    submit(update, answer);
    return outcome_of(answer);
  }

  std::optional<Status> latest(const DeviceId& device_id) {
    Awaited<std::optional<DeviceDetails>> latest;
    engine_.read_latest({device_id, latest.reply()});
    engine_.end_turn();
    return status_of(latest.get());
  }

  bool is_restarted(std::uint64_t times) {
    return wait_until([&] { return engine_.state().metrics.restarts >= times && engine_.state().readiness.is_ready(); },
                      patience);
  }

  test::TemporaryDirectory folder_;
  BreakableStore store_{(folder_.path() / "ubiety.db").string()};
  SystemClock clock_;
  Engine engine_{store_, nullptr, clock_, test::engine_options(2, {render, nullptr})};
};

TEST_F(Supervision, a_shard_that_fails_has_its_devices_again) {
  start();
  const auto before = update_of("a"), late = update_of("late");
  EXPECT_EQ(submit(before), UpdateOutcome::stored);
  EXPECT_EQ(submit(late), UpdateOutcome::stored);
  std::atomic<int> parts{0};
  const Reply<SummaryPart> count_part{
      [](void* count, std::uint64_t, SummaryPart&&) { ++*static_cast<std::atomic<int>*>(count); }, &parts, 0};
  const auto scan = std::make_shared<SummaryScan>(engine_.unread(), std::chrono::steady_clock::now() + patience);
  rendering_fails = true;
  engine_.read_summary({scan, {}, false, count_part});
  ASSERT_TRUE(is_restarted(1));
  EXPECT_EQ(latest("a"), before.status);
  EXPECT_EQ(latest("late"), late.status);
  EXPECT_EQ(submit(before), UpdateOutcome::duplicate);
  EXPECT_EQ(submit(update_of("a")), UpdateOutcome::stored);
  EXPECT_LE(parts, 1) << "the shard that failed answers no scan";
}

TEST_F(Supervision, a_writer_that_fails_commits_what_it_had_in_hand) {
  start();
  const auto restarts = engine_.state().metrics.restarts.load();
  store_.broken = 3;
  Awaited<ParcelPointer> answer;
  const auto update = update_of("a");
  submit(update, answer);  // the writer opens its session with its first batch
  EXPECT_EQ(outcome_of(answer), UpdateOutcome::stored);
  EXPECT_GE(engine_.state().metrics.restarts, restarts + 3);
  EXPECT_EQ(latest("a"), update.status);
}

TEST_F(Supervision, a_housekeeper_that_fails_loads_the_latest_map_all_the_same) {
  store_.broken = 2;
  start();
  EXPECT_GE(engine_.state().metrics.restarts, 2u);
}

TEST_F(Supervision, a_reader_that_fails_answers_the_next) {
  start();
  const auto update = update_of("a");
  EXPECT_EQ(submit(update), UpdateOutcome::stored);
  const auto ask = [&](Awaited<HistoryOutcome>& page) {
    engine_.read_history({history_of("a"), std::chrono::steady_clock::now() + patience, page.reply()});
  };
  store_.broken = 1;
  Awaited<HistoryOutcome> unanswered, answered;
  ask(unanswered);  // the reader opens its session with its first query
  ASSERT_TRUE(is_restarted(1));
  ask(answered);
  const auto outcome = answered.get();
  ASSERT_EQ(outcome.kind, HistoryOutcome::Kind::page);
  EXPECT_EQ(outcome.page.records.size(), 1u);
}

}  // namespace
}  // namespace ubiety
