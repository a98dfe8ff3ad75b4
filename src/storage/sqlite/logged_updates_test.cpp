#include "storage/sqlite/logged_updates.hpp"

#include <gmock/gmock.h>

#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<StatusUpdate> read(std::string_view text) {
  std::vector<StatusUpdate> updates;
  LoggedTextReader().read(text, [&](StatusUpdate&& update) { updates.push_back(std::move(update)); });
  return updates;
}

TEST(LoggedUpdates, are_json_that_sqlite_reads) {
  const StatusUpdate update{"sensor", {{1'000'000}, {-2}, -71, 85, true}};
  EXPECT_EQ(logged_text({&update}), R"([["sensor",1000000,85,-71,1,-2]])");
}

TEST(LoggedUpdates, come_back_as_they_were) {
  const StatusUpdate first{"a \"b\" \\ \xC3\xA9 \xF0\x9F\x98\x80", {earliest_timestamp, {0}, min_rssi, 0, false}},
      second{"b", {latest_timestamp, latest_timestamp, max_rssi, 100, true}};
  EXPECT_THAT(read(logged_text({&first, &second})), ElementsAre(first, second));
  EXPECT_THAT(read(logged_text({})), IsEmpty());
}

TEST(LoggedUpdates, are_an_error_when_they_are_malformed) {
  EXPECT_THROW(read("[["), Error);
  EXPECT_THROW(read(R"([[1,2,3,4,5,6]])"), Error);
  EXPECT_THROW(read(R"([["sensor",1,2]])"), Error);
}

}  // namespace
}  // namespace ubiety::sqlite
