#include "storage/log/row.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/generators.hpp"

namespace ubiety::log {
namespace {

using Updates = std::vector<StatusUpdate>;

std::string row_of(const Updates& updates) {
  UpdateList list;
  for (const auto& update : updates) list.push_back(&update);
  return encode_row(list);
}

StatusUpdate report(std::string device_id, int second) {
  const auto time = noon + std::chrono::seconds(second);
  return {std::move(device_id), {time, time + std::chrono::milliseconds(3), -60, 76, true}};
}

TEST(LogRow, has_its_updates_in_their_order) {
  const Updates updates{report("sensor-2", 0), report("sensor-1", 5), report("sensor-1", 5), report("ä", 1)};
  const auto decoded = decode_row(row_of(updates));
  ASSERT_TRUE(decoded) << decoded.error().reason;
  EXPECT_EQ(*decoded, updates);
}

TEST(LogRow, takes_few_bytes_for_an_update_of_a_fleet) {
  Updates updates;
  for (int i = 0; i < 1000; ++i)
    updates.push_back(report("sensor-" + std::to_string(1'000'000 + i * 7919 % 10'000), i / 100));
  EXPECT_LE(row_of(updates).size(), 15 * updates.size());
}

TEST(LogRow, that_is_damaged_anywhere_is_refused) {
  const auto row = row_of({report("a", 0), report("b", 1)});
  for (std::size_t at = 0; at < row.size(); ++at) {
    auto damaged = row;
    damaged[at] = static_cast<char>(damaged[at] + 1);
    EXPECT_FALSE(decode_row(damaged)) << at;
    EXPECT_FALSE(decode_row(std::string_view(row).substr(0, at))) << at;
  }
}

// Bytes whose checksum is right, as a writer with a fault would leave them.
std::string with_checksum(std::string bytes) {
  append_checksum(bytes);
  return bytes;
}

TEST(LogRow, of_another_version_is_refused) {
  EXPECT_EQ(decode_row(with_checksum("\x02\x01")).error().reason, "the row has an unknown version");
}

TEST(LogRow, that_says_it_has_more_than_it_can_is_refused_without_the_memory_for_it) {
  std::string row = "\x01";
  append_varint(row, std::uint64_t{1} << 60);
  EXPECT_EQ(decode_row(with_checksum(row)).error().reason, "the row is too short for its updates");
}

TEST(LogRow, with_bytes_behind_its_updates_is_refused) {
  auto row = row_of({report("a", 0)});
  row.resize(row.size() - 4);
  EXPECT_EQ(decode_row(with_checksum(row + "x")).error().reason, "the row is too long for its updates");
}

TEST(LogRow, with_an_impossible_value_is_refused) {
  auto battery = report("a", 0), rssi = battery, time = battery;
  battery.status.battery_level = max_battery_level + 1;
  rssi.status.rssi = max_rssi + 1;
  time.status.timestamp = latest_timestamp + std::chrono::microseconds(1);
  for (const auto& update : {battery, rssi, time})
    EXPECT_EQ(decode_row(row_of({update})).error().reason, "a value of the row is not possible");
  for (const auto* id : {"", "a\n", "\xff"})
    EXPECT_EQ(decode_row(row_of({report(id, 0)})).error().reason, "a device id of the row is not possible");
}

RC_GTEST_PROP(LogRowProperty, of_any_updates_is_read_as_written, ()) {
  const auto ids = rc::gen::element<DeviceId>("a", "sensor-1", "sensor-10", "sensor-2", "Küche");
  const auto times = rc::gen::oneOf(test::any_instant(), test::instant_near_noon(5, 5));
  const auto updates = *rc::gen::container<Updates>(rc::gen::apply(
      [](DeviceId id, Status status, Timestamp timestamp, Timestamp received) {
        status.timestamp = timestamp;
        status.received = received;
        return StatusUpdate{std::move(id), status};
      },
      ids, test::any_status(), times, times));
  const auto decoded = decode_row(row_of(updates));
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == updates);
}

}  // namespace
}  // namespace ubiety::log
