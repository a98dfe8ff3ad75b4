// A merge of the embedded store: in slices, interrupted, and after a crash at each step.
#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/sqlite_session.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SqliteMergerTest : public SqliteSessionFixture {};

TEST_F(SqliteMergerTest, returns_what_is_appended_and_merged) {
  append({update("a", 1, 1), update("b", 1, 1)});
  append({update("a", 2, 2)});
  EXPECT_THAT(history("a"), SizeIs(2));
  merge();
  EXPECT_THAT(tail_, IsEmpty());
  EXPECT_EQ(number("SELECT count(*) FROM update_log"), 0);
  append({update("a", 3, 3), update("a", 1, 4)});
  EXPECT_THAT(history("a"), ElementsAre(update("", 3, 3).status, update("", 2, 2).status, update("", 1, 1).status));
  merge();
  EXPECT_THAT(history("a"), SizeIs(3)) << "the repetition is folded";
  const auto loaded = load();
  EXPECT_THAT(loaded.rows, IsEmpty());
  EXPECT_EQ(loaded.latest.at("a").update, update("a", 3, 3));
}

TEST_F(SqliteMergerTest, an_interrupted_merge_goes_on_where_it_stopped) {
  append({update("a", 1, 1), update("b", 1, 1), update("c", 1, 1), update("d", 1, 1)});
  merge(1, 2);
  EXPECT_THAT(tail_, SizeIs(1));
  append({update("a", 2, 2), update("d", 2, 2)});
  for (const auto* device : {"a", "b", "c", "d"})
    EXPECT_THAT(history(device), SizeIs(*device == 'a' || *device == 'd' ? 2 : 1)) << device;
  restart();
  ASSERT_THAT(tail_, SizeIs(2));
  EXPECT_THAT(tail_[0].updates, ElementsAre(update("c", 1, 1), update("d", 1, 1)));
  EXPECT_THAT(tail_[1].updates, ElementsAre(update("a", 2, 2), update("d", 2, 2)));
  EXPECT_EQ(load().latest.size(), 2U);
  merge();
  EXPECT_EQ(merged_after_, "b");
  EXPECT_THAT(tail_, SizeIs(1)) << "what came after the merge had begun";
  for (const auto* device : {"a", "b", "c", "d"})
    EXPECT_THAT(history(device), SizeIs(*device == 'a' || *device == 'd' ? 2 : 1)) << device;
  merge();
  EXPECT_THAT(tail_, IsEmpty());
  EXPECT_THAT(history("d"), SizeIs(2));
}

// The rows that are merged are deleted last, in pieces.
TEST_F(SqliteMergerTest, rows_that_a_crash_left_behind_a_merge_count_as_merged) {
  append({update("a", 1, 1)});
  append({update("a", 2, 2)});
  auto database = sqlite::connect(file_);
  database.execute("CREATE TABLE copy AS SELECT * FROM update_log");
  merge();
  database.execute("INSERT INTO update_log SELECT * FROM copy; DROP TABLE copy");
  restart();
  EXPECT_THAT(tail_, IsEmpty());
  EXPECT_THAT(history("a"), SizeIs(2));
  std::size_t read = 0;
  ASSERT_TRUE(session_->read_all({}, [&](StatusUpdate&&) { ++read; }));
  EXPECT_EQ(read, 2U);
  EXPECT_EQ(session_->last_appended(stream_).value(), 0);
  merge();
  EXPECT_EQ(number("SELECT count(*) FROM update_log"), 0);
}

// Before each slice the file is as a crash would leave it.
TEST_F(SqliteMergerTest, a_crash_at_each_step_of_a_merge_loses_and_repeats_nothing) {
  std::vector<std::string> copies;
  class Copying final : public log::MergeSource {
   public:
    Copying(const Tail& tail, std::function<void()> copy) : source_(tail, 1), copy_(std::move(copy)) {}
    void begin(const log::Positions& through, std::string_view after) override { source_.begin(through, after); }
    std::vector<log::DeviceToMerge> next() override {
      copy_();
      return source_.next();
    }

   private:
    TailSource source_;
    std::function<void()> copy_;
  };
  append({update("a", 1, 1), update("b", 1, 1), update("c", 1, 1)});
  append({update("b", 2, 2), update("d", 1, 2)});
  Copying source(tail_, [&] {
    copies.push_back(folder_.path() / ("copy" + std::to_string(copies.size())));
    copy_database(file_, copies.back());
  });
  log::Positions through;
  through.raise_to(tail_.back().position);
  ASSERT_TRUE(session_->merge(through, source));
  ASSERT_THAT(copies, SizeIs(5));
  for (const auto& copy : copies) {
    SCOPED_TRACE(copy);
    session_.reset();
    store_.emplace(copy);
    own();
    EXPECT_THAT(history("b"), SizeIs(2));
    merge(2);
    EXPECT_THAT(tail_, IsEmpty());
    for (const auto* device : {"a", "b", "c", "d"}) EXPECT_THAT(history(device), SizeIs(*device == 'b' ? 2 : 1));
    EXPECT_EQ(load().latest.size(), 4U);
  }
}

}  // namespace
}  // namespace ubiety::test
