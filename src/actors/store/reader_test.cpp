// How the reader uses what a shard knows of a history.
#include <gtest/gtest.h>

#include "actors/store/spawn.hpp"
#include "support/faulty_store.hpp"
#include "support/updates.hpp"

namespace ubiety {
namespace {

using test::update_of;

class ReaderTest : public ::testing::Test {
 protected:
  ReaderTest() {
    const std::vector<StatusUpdate> updates{update_of("a", 1), update_of("a", 2), update_of("a", 3)};
    const auto session = store_.open_beside();
    EXPECT_TRUE(session->open_stream(7));
    EXPECT_TRUE(session->append({7, 1}, {&updates[0], &updates[1], &updates[2]}));
    store_.merge_all();
  }

  // The total of a page whose message says that there are 9 records.
  std::uint64_t total() {
    ReadHistory message{{"a", 1}, {}, {}};
    message.query.known = {9, update_of("a", 3).status.timestamp};
    message.known_at = changes_.count();
    const auto page = read_page([this](const auto& read) { return connection_.use(read); }, message, changes_);
    EXPECT_EQ(page->records, std::vector{update_of("a", 3).status});
    return page->total_records;
  }

  test::FaultyStore store_;
  StoreConnection connection_{store_, "reader", [](bool) { return false; }};
  HistoryChanges changes_;
};

TEST_F(ReaderTest, believes_the_total_that_the_shard_knows) { EXPECT_EQ(total(), 9U); }

TEST_F(ReaderTest, counts_when_a_merge_began_since) {
  store_.on_history = [this] { changes_.note_merge(); };
  EXPECT_EQ(total(), 3U);
}

TEST_F(ReaderTest, counts_when_records_were_removed_since) {
  store_.on_history = [this] { const HistoryChanges::Removal removal(changes_); };
  EXPECT_EQ(total(), 3U);
}

TEST_F(ReaderTest, counts_while_records_are_removed) {
  std::optional<HistoryChanges::Removal> removal;
  store_.on_history = [&] {
    if (!removal) removal.emplace(changes_);
  };
  EXPECT_EQ(total(), 3U);
}

}  // namespace
}  // namespace ubiety
