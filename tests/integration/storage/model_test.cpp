// A random life of a store against a plain model of it: appends, merges that are interrupted, compactions, expiries,
// removals, restarts, and reads of every kind.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "node.hpp"
#include "store_fixture.hpp"
#include "support/reference_model.hpp"

namespace ubiety::test {
namespace {

constexpr int devices = 9;

std::string name_of_device(int number) { return (number < 5 ? "near-" : "far-") + std::to_string(number); }

using Parameters = std::tuple<StoreKind, unsigned>;

std::string name_with_seed(const ::testing::TestParamInfo<Parameters>& test) {
  const auto [kind, seed] = test.param;
  return (kind == StoreKind::sqlite ? "sqlite_" : "postgresql_") + std::to_string(seed);
}

class StoreModel : public ::testing::TestWithParam<Parameters>, protected StoreOfKind {
 protected:
  StoreModel() : StoreOfKind(std::get<0>(GetParam())) {}

  int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random_); }
  bool one_in(int number) { return below(number) == 0; }
  std::string any_device() { return name_of_device(below(devices)); }
  Timestamp any_time() { return now_ - std::chrono::seconds(below(6 * day)) + std::chrono::seconds(below(2 * day)); }

  // Newer ones, late ones, repetitions, other values at one time, and clocks that run ahead.
  StatusUpdate any_update() {
    const auto device = any_device();
    StatusUpdate update{device, {now_, now_, -60, static_cast<std::uint8_t>(50 + below(3)), !one_in(4)}};
    auto& status = update.status;
    const int kind = below(100);
    if (kind < 30) {
      status = model_.record_at(device, one_in(2) ? now_ : any_time()).value_or(status);
      if (kind < 15) status.battery_level = static_cast<std::uint8_t>(below(101));
    } else if (kind < 45) {
      status.timestamp = any_time();
    } else if (kind < 50) {
      status.timestamp = now_ + std::chrono::seconds(below(2 * day));
    } else {
      status.timestamp = now_ - std::chrono::seconds(below(30));
    }
    if (one_in(20)) status.timestamp = status.timestamp + std::chrono::microseconds(below(1'000'000));
    if (one_in(20)) status.rssi = static_cast<std::int16_t>(-160 + below(181));
    status.received = now_;
    return update;
  }

  void append() {
    std::vector<StatusUpdate> updates;
    for (int left = one_in(15) ? 300 : below(12); left > 0; --left) {
      now_ = now_ + std::chrono::microseconds(below(2'000'000));
      const auto update = any_update();
      model_.append(update);
      const auto removed = model_.removed(update.device_id);  // as a shard, it does not write what is taken away
      if (!removed || !is_removed(update.status, *removed)) updates.push_back(update);
    }
    node_->append(updates);
  }

  void remove() {
    const log::Removal removal{any_device(), now_};
    expected(session_->remove_devices({&removal, 1}));
    node_->unmerged().remove(removal.device_id);
    model_.remove(removal.device_id, removal.at);
    now_ = now_ + std::chrono::microseconds(1 + below(2));
    ++removals_;
  }

  // As a merger does before each merge.
  void sweep() {
    while (expected(session_->sweep()).has_more) continue;
  }

  void forget_removals() {
    merge_all();
    const auto before = now_ - std::chrono::seconds(below(3 * day));
    while (!expected(session_->forget_removals(before))) continue;
    model_.forget_removals(before);
  }

  void merge_all() {
    sweep();
    node_->merge();
  }

  void merge() {
    sweep();
    auto& unmerged = node_->unmerged();
    unmerged.devices_at_once = static_cast<std::size_t>(1 + below(4));
    // As a merger does, in the order of receipt: the rows of earlier streams before those of the node's own.
    log::Positions through;
    for (const auto& [stream, sequence] : node_->appended()) {
      const bool is_whole = stream != node_->stream() || one_in(2);
      through.raise_to({stream, is_whole ? sequence : 1 + below(static_cast<int>(sequence))});
    }
    if (one_in(3)) unmerged.interrupts_after = static_cast<std::size_t>(below(5));
    const auto merged = node_->merge(through);
    ++(merged ? merges_ : interrupted_);
    unmerged.interrupts_after.reset();
    if (!merged || one_in(10)) reconnect();
  }

  void compact() {
    for (int steps = 1 + below(5); steps > 0; --steps)
      if (!expected(session_->compact(now_)).has_more) break;
  }

  void expire() {
    merge_all();
    const auto before = now_ - std::chrono::seconds(3 * day + below(day));
    while (expected(session_->expire(before)).has_more) continue;
    model_.expire(before);
  }

  void reconnect() {
    session_ = expected(store_->open());
    node_->use(*session_);
  }

  void restart() {
    node_.reset();
    session_.reset();
    reader_.reset();
    store_.reset();
    store_ = open_beside();
    start();
  }

  void start() {
    session_ = open_session();
    node_.emplace(*session_);
    reader_.reset();
  }

  void expect_latest() {
    const auto& expected_latest = model_.latest();
    const auto& latest = node_->unmerged().all_latest();
    ASSERT_EQ(latest.size(), expected_latest.size());
    for (const auto& [device_id, each] : expected_latest) {
      const auto found = latest.find(device_id);
      ASSERT_NE(found, latest.end()) << device_id;
      EXPECT_EQ(found->second.update, each.update) << device_id;
      EXPECT_EQ(found->second.newest, each.newest) << device_id;
    }
  }

  HistoryPage page(const HistoryQuery& query, Session& session) {
    const auto removed = model_.removed(query.device_id);
    if (!removed) return node_->page(query, session);
    auto since = query;
    since.removed = removed;
    log::PageOfSpan page(since);
    expected(session.read_span(page.query(), node_->unmerged().of(query.device_id),
                               [&](std::span<const Status> records) { return page.add(records); }));
    return page.take();
  }

  // Pages through a history.
  void expect_history() {
    HistoryQuery query{.device_id = any_device(), .limit = static_cast<std::size_t>(one_in(2) ? 1000 : 1 + below(60))};
    if (one_in(3)) query.since = any_time();
    if (one_in(3)) query.before = any_time();
    if (!reader_) reader_ = expected(store_->open());
    auto& session = one_in(2) ? *reader_ : *session_;
    const auto expected_records = model_.history(query.device_id, query.since, query.before);
    std::vector<Status> read;
    for (int pages = 0; pages < 20; ++pages) {
      const auto page = this->page(query, session);
      ASSERT_EQ(page.total_records, expected_records.size());
      ASSERT_LE(page.records.size(), query.limit);
      read.insert(read.end(), page.records.begin(), page.records.end());
      ASSERT_EQ(page.has_more, read.size() < expected_records.size());
      if (!page.has_more) break;
      query.after = page.records.back();
    }
    ASSERT_LE(read.size(), expected_records.size());
    EXPECT_TRUE(std::equal(read.begin(), read.end(), expected_records.begin())) << query.device_id;
  }

  // By device, oldest first.
  std::vector<StatusUpdate> select(const Selection& selection) const {
    std::vector<StatusUpdate> selected;
    for (const auto& [device_id, unused] : model_.latest()) {
      if (selection.device_id && device_id != *selection.device_id) continue;
      if (!device_id.starts_with(selection.prefix)) continue;
      auto records = model_.history(device_id);
      std::reverse(records.begin(), records.end());
      for (const auto& status : records)
        if ((!selection.since || status.timestamp >= *selection.since) &&
            (!selection.before || status.timestamp < *selection.before))
          selected.push_back({device_id, status});
    }
    return selected;
  }

  void expect_selection() {
    Selection selection;
    if (one_in(4)) selection.device_id = any_device();
    if (one_in(3)) selection.prefix = one_in(2) ? "near" : "far-";
    if (one_in(3)) selection.since = any_time();
    if (one_in(3)) selection.before = any_time();
    std::vector<StatusUpdate> read;
    expected(session_->read_all(selection, [&](StatusUpdate&& record) { read.push_back(std::move(record)); }));
    const auto selected = select(selection);
    EXPECT_EQ(read.size(), selected.size());
    EXPECT_TRUE(read == selected);
  }

  void expect_records() {
    merge_all();
    std::vector<StatusUpdate> asked;
    for (int i = 0; i < 20; ++i) asked.push_back(any_update());
    const auto found = expected(session_->has_records(pointers_to(asked)));
    ASSERT_EQ(found.size(), asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i)
      EXPECT_EQ(found[i], model_.has(asked[i]))
          << asked[i].device_id << ' ' << format_timestamp(asked[i].status.timestamp);
  }

  void step() {
    const int kind = below(1'000);
    if (kind < 500) return append();
    if (kind < 800) return expect_history();
    if (kind < 900) return merge();
    if (kind < 930) return compact();
    if (kind < 936) return remove();
    if (kind < 939) return static_cast<void>(expected(session_->sweep()));
    if (kind < 940) return forget_removals();
    if (kind < 960) return expect_selection();
    if (kind < 975) return expect_records();
    if (kind < 985) return expire();
    if (kind < 990) return restart_and_compare();
    now_ = now_ + std::chrono::seconds(below(day / 2));
    if (one_in(2)) expected(session_->ensure_partitions(now_));
  }

  void restart_and_compare() {
    restart();
    expect_latest();
  }

  std::mt19937 random_{std::get<1>(GetParam())};
  Timestamp now_ = at(0);
  ReferenceModel model_;
  std::unique_ptr<Session> session_, reader_;
  std::optional<Node> node_;
  int merges_ = 0, interrupted_ = 0, removals_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Seeds, StoreModel,
                         ::testing::Combine(::testing::Values(StoreKind::sqlite, StoreKind::postgresql),
                                            ::testing::Range(1U, 4U)),
                         name_with_seed);

TEST_P(StoreModel, is_what_the_store_returns) {
  start();
  // A step takes PostgreSQL ten times as long.
  const int steps = std::get<0>(GetParam()) == StoreKind::sqlite ? 2'000 : 600;
  for (int i = 0; i < steps && !HasFailure(); ++i) {
    SCOPED_TRACE("step " + std::to_string(i));
    step();
  }
  expect_latest();
  EXPECT_GT(merges_, steps / 100);
  EXPECT_GT(interrupted_, steps / 200);
  EXPECT_GT(removals_, 0);
}

}  // namespace
}  // namespace ubiety::test
