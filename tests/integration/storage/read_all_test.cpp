// Reading all records, as exports and checks do.
#include <gmock/gmock.h>

#include "node.hpp"
#include "store_fixture.hpp"

namespace ubiety::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReadAll : public EachStore {
 protected:
  std::vector<StatusUpdate> read(const Selection& selection) {
    std::vector<StatusUpdate> records;
    expected(session_->read_all(selection, [&](StatusUpdate&& record) { records.push_back(std::move(record)); }));
    return records;
  }

  std::unique_ptr<Session> session_ = open_session();
  Node node_{*session_};
};
UBIETY_WITH_EACH_STORE(ReadAll);

TEST_P(ReadAll, finds_nothing_in_an_empty_store) { EXPECT_THAT(read({}), IsEmpty()); }

TEST_P(ReadAll, goes_by_device_and_time_over_history_and_log) {
  node_.append({update("b", 2, 1), update("a", 3, 2), update("Z", 9, 3)});
  node_.append({update("a", 1, 4)});
  node_.merge();
  node_.append({update("b", 1, 5), update("a", 2, 6), update("\xC3\xA4", 0, 7)});
  EXPECT_THAT(read({}), ElementsAre(update("Z", 9, 3), update("a", 1, 4), update("a", 2, 6), update("a", 3, 2),
                                    update("b", 1, 5), update("b", 2, 1), update("\xC3\xA4", 0, 7)));
}

TEST_P(ReadAll, passes_repetitions_once) {
  node_.append({update("a", 1, 1), update("a", 1, 2)});
  node_.append({update("a", 1, 3)});
  EXPECT_THAT(read({}), ElementsAre(update("a", 1, 1)));
  node_.merge();
  node_.append({update("a", 1, 4), update("a", 1, 5, 51)});
  EXPECT_THAT(read({}), ElementsAre(update("a", 1, 1), update("a", 1, 5, 51)));
}

TEST_P(ReadAll, selects_a_device) {
  node_.append({update("a", 1, 1), update("ab", 1, 1), update("A", 1, 1)});
  node_.merge();
  node_.append({update("a", 2, 2), update("b", 2, 2)});
  EXPECT_THAT(read({.device_id = "a"}), ElementsAre(update("a", 1, 1), update("a", 2, 2)));
  EXPECT_THAT(read({.device_id = "unknown"}), IsEmpty());
}

TEST_P(ReadAll, selects_a_prefix) {
  node_.append({update("kitchen-1", 1, 1), update("kitchen-", 1, 1), update("kitchen.", 1, 1), update("kitche", 1, 1)});
  node_.merge();
  node_.append({update("kitchen-2", 2, 2), update("Kitchen-3", 2, 2), update("kitchen-\xF0\x9F\x98\x80", 2, 2)});
  EXPECT_THAT(read({.prefix = "kitchen-"}),
              ElementsAre(update("kitchen-", 1, 1), update("kitchen-1", 1, 1), update("kitchen-2", 2, 2),
                          update("kitchen-\xF0\x9F\x98\x80", 2, 2)));
  EXPECT_THAT(read({.prefix = "none"}), IsEmpty());
}

TEST_P(ReadAll, takes_a_prefix_literally) {
  node_.append({update("50%_a", 1, 1), update("50%xa", 1, 1), update("50x_a", 1, 1), update("a\\b", 1, 1)});
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(read({.prefix = "50%_"}), ElementsAre(update("50%_a", 1, 1)));
    EXPECT_THAT(read({.prefix = "a\\"}), ElementsAre(update("a\\b", 1, 1)));
    node_.merge();
  }
}

TEST_P(ReadAll, selects_a_span_with_its_beginning_and_without_its_end) {
  std::vector<StatusUpdate> updates;
  for (int i = 0; i < 8; ++i) updates.push_back(update("a", i, i));
  node_.append({updates.begin(), updates.begin() + 5});
  node_.merge();
  node_.append({updates.begin() + 5, updates.end()});
  EXPECT_THAT(read({.since = at(2), .before = at(6)}), ElementsAre(updates[2], updates[3], updates[4], updates[5]));
  EXPECT_THAT(read({.since = at(6)}), ElementsAre(updates[6], updates[7]));
  EXPECT_THAT(read({.before = at(1)}), ElementsAre(updates[0]));
  EXPECT_THAT(read({.since = at(5), .before = at(2)}), IsEmpty());
}

TEST_P(ReadAll, selects_by_everything_at_once) {
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  node_.append({update("a1", -day, 1), update("a1", 0, 2), update("a2", 0, 3), update("b1", 0, 4)});
  node_.merge();
  node_.append({update("a1", day, 5), update("a2", -day, 6)});
  EXPECT_THAT(read({.prefix = "a", .since = at(0), .before = at(day)}),
              ElementsAre(update("a1", 0, 2), update("a2", 0, 3)));
  EXPECT_THAT(read({.device_id = "a1", .prefix = "a", .since = at(0)}),
              ElementsAre(update("a1", 0, 2), update("a1", day, 5)));
  EXPECT_THAT(read({.device_id = "a1", .prefix = "b"}), IsEmpty());
}

TEST_P(ReadAll, passes_each_update_once_while_a_merge_is_interrupted) {
  std::vector<StatusUpdate> updates;
  for (const auto* device : {"a", "b", "c", "d", "e"})
    for (int i = 0; i < 3; ++i) updates.push_back(update(device, i, i));
  node_.append(updates);
  node_.unmerged().devices_at_once = 1;
  node_.unmerged().interrupts_after = 2;
  ASSERT_FALSE(node_.merge(node_.appended()));
  EXPECT_EQ(read({}), updates);
}

TEST_P(ReadAll, reads_many_records_of_several_days) {
  node_.unmerged().devices_at_once = 50;
  ASSERT_TRUE(session_->ensure_partitions(at(0)));
  std::vector<StatusUpdate> updates;
  for (int device = 100; device < 200; ++device)
    for (int i = 0; i < 300; ++i) updates.push_back(update("device-" + std::to_string(device), i * 600, i * 600));
  node_.append(updates);
  node_.merge();
  EXPECT_EQ(read({}), updates);
}

TEST_P(ReadAll, skips_a_damaged_row_of_the_log) {
  for (int i = 1; i <= 3; ++i) node_.append({update("a", i, i)});
  damage_row({node_.stream(), 2});
  EXPECT_THAT(read({}), SizeIs(2));
}

}  // namespace
}  // namespace ubiety::test
