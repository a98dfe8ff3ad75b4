// The checker is checked: each fault that it is there to find is found.
#include "faults/stored_set.hpp"

#include <gtest/gtest.h>

#include "support/intercepted_failures.hpp"

namespace ubiety::test {
namespace {

// Without the key that keeps an update from being there twice.
constexpr const char* keyless_table = R"sql(
  CREATE TABLE device_status (
    device_id text, timestamp timestamptz, battery_level smallint, rssi smallint, online boolean
  ))sql";

class SetChecker : public ::testing::Test {
 protected:
  SetChecker() {
    postgres_.start();
    postgres_.execute("ubiety", keyless_table);
    for (const char* timestamp : {"2025-06-09T14:00:00Z", "2025-06-09T14:00:00.5Z"}) store(timestamp);
  }

  void store(const std::string& timestamp) {
    postgres_.execute("ubiety", "INSERT INTO device_status VALUES ('a', '" + timestamp + "', 76, -60, true)");
  }

  StoredSet faults_found(const std::vector<Sent>& sent) {
    Recording recording;
    recording.sent["a"] = sent;
    StoredSet set;
    is_failed_ = failures_of([&] { set = check_stored_set(postgres_, recording); }) > 0;
    return set;
  }

  const Report first_{.device_id = "a", .timestamp = "2025-06-09T14:00:00Z"};
  const Report second_{.device_id = "a", .timestamp = "2025-06-09T14:00:00.5Z"};
  const Report absent_{.device_id = "a", .timestamp = "2025-06-09T14:00:00.500001Z"};
  PostgresServer postgres_;
  bool is_failed_ = false;
};

TEST_F(SetChecker, finds_each_fault) {
  auto found = faults_found({{first_, Told::stored}, {second_, Told::nothing}, {absent_, Told::unknown}});
  EXPECT_FALSE(is_failed_);
  EXPECT_EQ(found.rows, 2u);

  found = faults_found({{first_, Told::stored}, {second_, Told::stored}, {absent_, Told::stored}});
  EXPECT_TRUE(is_failed_);
  EXPECT_EQ(found.false_200, 1u);

  found = faults_found({{first_, Told::stored}});
  EXPECT_TRUE(is_failed_);
  EXPECT_EQ(found.unexpected, 1u) << "never sent";

  found = faults_found({{first_, Told::not_stored}, {second_, Told::stored}});
  EXPECT_TRUE(is_failed_);
  EXPECT_EQ(found.unexpected, 1u) << "told not to be stored";

  store(second_.timestamp);
  found = faults_found({{first_, Told::stored}, {second_, Told::stored}});
  EXPECT_TRUE(is_failed_);
  EXPECT_EQ(found.duplicated, 1u);
}

}  // namespace
}  // namespace ubiety::test
