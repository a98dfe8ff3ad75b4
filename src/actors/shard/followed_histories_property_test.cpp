// A property of the shard in actors/shard/shard.hpp: a history that it answers from memory is what the store would
// answer, whatever is reported, committed, read and removed in whatever order.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

#include "domain/status.hpp"
#include "support/shard_fixture.hpp"

namespace ubiety {
namespace {

const DeviceId device_names[] = {"many rows", "almost all remembered", "few rows"};
constexpr int rows_before[] = {100, FollowedHistories::most_remembered_rows - 2, 3};

DeviceId any_device() { return device_names[*rc::gen::inRange(0, 3)]; }

// Close to the rows that there are, so that bounds and repetitions meet them.
Status any_report() {
  auto status = *test::any_status();
  if (*rc::gen::inRange(0, 3) == 0) status.timestamp = noon - test::seconds(*rc::gen::inRange(0, 110));
  return status;
}

HistoryQuery any_query() {
  HistoryQuery query{.device_id = any_device()};
  query.limit = *rc::gen::element<std::size_t>(1, 5, 50, FollowedHistories::most_remembered_rows, 1000);
  const auto bound = [] { return noon + test::seconds(*rc::gen::inRange(-110, 10)); };
  if (*rc::gen::inRange(0, 3) == 0) query.since = bound();
  if (*rc::gen::inRange(0, 4) == 0) query.before = bound();
  if (*rc::gen::inRange(0, 8) == 0) query.after = any_report();
  return query;
}

// The rows of all devices, as a store keeps them.
class Rows {
 public:
  Rows() {
    for (std::size_t device = 0; device < 3; ++device)
      for (int row = 1; row <= rows_before[device]; ++row) add(test::update_of(device_names[device], -row));
  }

  // Whether it is a row that was not there before.
  bool add(const StatusUpdate& update) {
    auto& rows = rows_[update.device_id];
    const auto same = std::find_if(rows.begin(), rows.end(), [&](Status row) {
      row.received = update.status.received;
      return row == update.status;
    });
    const bool is_new = same == rows.end();
    if (is_new)
      rows.push_back(update.status);
    else
      same->received = std::max(same->received, update.status.received);
    std::sort(rows.begin(), rows.end(), newest_first);
    return is_new;
  }

  void expire(Timestamp before) {
    for (auto& [device_id, rows] : rows_)
      std::erase_if(rows, [before](const Status& row) { return row.timestamp < before; });
  }

  HistoryPage page(const HistoryQuery& query) const {
    HistoryPage page;
    for (const auto& row : rows_.at(query.device_id)) {
      if ((query.since && row.timestamp <= *query.since) || (query.before && row.timestamp >= *query.before)) continue;
      ++page.total_records;
      if (query.after && !newest_first(*query.after, row)) continue;
      page.has_more = page.records.size() == query.limit;
      if (!page.has_more) page.records.push_back(row);
    }
    return page;
  }

 private:
  std::map<DeviceId, std::vector<Status>> rows_;
};

// A shard with a store, and readers whose word comes late.
class World : public test::DrivenShard {
 public:
  explicit World(std::size_t remembered)
      : DrivenShard({0, NewerThan{test::seconds(300)}, test::unread, std::chrono::microseconds(0), remembered}) {}

  void report() {
    test::Updates together;
    for (int count = *rc::gen::inRange(1, 6); count > 0; --count) {
      auto status = any_report();
      status.received = noon + test::seconds(20) + std::chrono::microseconds(++received_);
      together.push_back({any_device(), status});
    }
    submit_each(together);
  }

  void commit() {
    if (batches.empty() || is_committed_) return;
    is_committed_ = true;
    auto& batch = last_batch();
    batch.fresh_are_new = *rc::gen::inRange(0, 5) != 0;  // else the outcome of a first attempt was not known
    for (const auto* update : batch.write.fresh) batch.fresh_are_new &= stored_.add(*update);
    for (const auto* update : batch.write.doubtful) stored_.add(*update);
  }

  void be_done() {
    if (!is_committed_) return;
    is_committed_ = false;
    const auto batch = std::move(batches.back());
    batches.pop_back();
    shard().batch_done(*batch, true);
  }

  void read() {
    ReadHistory message{any_query(), SteadyTime::max(), {}};
    const auto expected = stored_.page(message.query);
    ++reads_;
    if (const auto page = shard().remembered_or_prepared(message)) {
      ++from_memory_;
      RC_ASSERT(page->records == expected.records);
      RC_ASSERT(page->total_records == expected.total_records);
      RC_ASSERT(page->has_more == expected.has_more);
      return;
    }
    if (message.query.total_records) RC_ASSERT(*message.query.total_records == expected.total_records);
    if (message.follow_version)
      found_.push_back({message.query.device_id, *message.follow_version, expected.total_records,
                        message.query.after ? std::vector<Status>() : expected.records});
  }

  void hear() {
    if (found_.empty()) return;
    shard().keep_history(found_.front());
    found_.pop_front();
  }

  void expire() {
    stored_.expire(noon - test::seconds(*rc::gen::inRange(0, 120)));
    shard().forget_histories();
  }

  int reads() const { return reads_; }
  int from_memory() const { return from_memory_; }

 private:
  Rows stored_;
  bool is_committed_ = false;
  std::deque<KeepHistory> found_;
  int received_ = 0;
  int reads_ = 0, from_memory_ = 0;
};

TEST(RememberedHistories, are_what_the_store_would_answer) {
  int reads = 0, from_memory = 0;
  EXPECT_TRUE(rc::check([&] {
    World world(*rc::gen::inRange<std::size_t>(0, 4));
    for (int step = *rc::gen::inRange(0, 10'000); step > 0; --step) {
      const int what = *rc::gen::inRange(0, 20);
      if (what < 8) world.read();
      if (what >= 8 && what < 13) world.hear();
      if (what == 13) world.report();
      if (what == 14 || what == 15) world.commit();
      if (what == 16 || what == 17) world.be_done();
      if (what == 18 && *rc::gen::inRange(0, 5) == 0) world.expire();
    }
    reads += world.reads();
    from_memory += world.from_memory();
  }));
  EXPECT_GT(from_memory, reads / 50) << "of " << reads << " reads too few are answered from memory";
}

}  // namespace
}  // namespace ubiety
