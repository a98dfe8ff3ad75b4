#include "storage/log/format.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "storage/log/merge_plan.hpp"
#include "support/generators.hpp"

namespace ubiety::log {
namespace {

std::string varint_of(std::uint64_t value) {
  std::string bytes;
  append_varint(bytes, value);
  return bytes;
}

TEST(LogBytes, of_a_varint_are_seven_bits_each) {
  EXPECT_EQ(varint_of(0), std::string(1, '\0'));
  EXPECT_EQ(varint_of(127), "\x7f");
  EXPECT_EQ(varint_of(300), "\xac\x02");
  EXPECT_EQ(varint_of(std::numeric_limits<std::uint64_t>::max()).size(), 10U);
}

TEST(LogBytes, of_small_signed_numbers_are_few) {
  for (const std::int64_t number : {0, -1, 1, 63, -64}) {
    std::string bytes;
    append_signed(bytes, number);
    EXPECT_EQ(bytes.size(), 1U) << number;
  }
}

TEST(LogBytes, of_a_signed_number_are_as_many_as_announced) {
  for (const std::int64_t number :
       {std::int64_t{0}, std::int64_t{63}, std::int64_t{64}, std::int64_t{-64}, std::int64_t{-65},
        std::int64_t{60'000'000}, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    std::string bytes;
    append_signed(bytes, number);
    EXPECT_EQ(bytes.size(), size_of_signed(number)) << number;
  }
}

TEST(LogBytes, beyond_64_bits_cannot_be_read) {
  for (const std::string bytes :
       {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}) {
    ByteReader reader(bytes);
    reader.varint();
    EXPECT_TRUE(reader.failed());
  }
}

TEST(LogBytes, that_are_missing_make_every_further_read_fail) {
  ByteReader reader("\x80");
  EXPECT_EQ(reader.varint(), 0U);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.text(0), "");
  EXPECT_EQ(reader.byte(), 0);
  EXPECT_TRUE(reader.failed());
}

TEST(LogBytes, with_a_checksum_show_every_flipped_bit) {
  std::string bytes = "some bytes";
  append_checksum(bytes);
  ASSERT_EQ(without_checksum(bytes), "some bytes");
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    auto flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(without_checksum(flipped), std::nullopt) << bit;
  }
  EXPECT_EQ(without_checksum("abc"), std::nullopt);
}

RC_GTEST_PROP(LogBytesProperty, of_any_numbers_are_read_as_written,
              (std::uint64_t number, std::int64_t signed_number)) {
  std::string bytes;
  append_varint(bytes, number);
  append_signed(bytes, signed_number);
  append_signed(bytes, std::numeric_limits<std::int64_t>::min());
  ByteReader reader(bytes);
  RC_ASSERT(reader.varint() == number);
  RC_ASSERT(reader.signed_number() == signed_number);
  RC_ASSERT(reader.signed_number() == std::numeric_limits<std::int64_t>::min());
  RC_ASSERT(reader.is_at_end() && !reader.failed());
}

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

using Records = std::vector<Status>;

// Reports at a regular distance, each of which takes some milliseconds to arrive.
Records reports(int count, std::chrono::microseconds distance) {
  Records records;
  for (int i = 0; i < count; ++i) {
    const auto timestamp = noon + i * distance;
    records.push_back({timestamp, timestamp + std::chrono::microseconds(2000 + i * 7919 % 5000), -60, 76, true});
  }
  return records;
}

TEST(Segment, has_its_records_in_their_order) {
  for (const auto distance :
       {std::chrono::microseconds(60'000'000), std::chrono::microseconds(1'000), std::chrono::microseconds(1)}) {
    const auto records = reports(200, distance);
    const auto decoded = decode_segment(encode_segment(records));
    ASSERT_TRUE(decoded) << decoded.error().reason;
    EXPECT_EQ(*decoded, records) << distance.count();
  }
}

TEST(Segment, takes_six_bytes_for_a_regular_record) {
  EXPECT_LE(encode_segment(reports(288, std::chrono::minutes(1))).size(), 6 * 288U);
}

TEST(Segment, takes_seven_bytes_for_a_record_that_came_late_with_others) {
  auto records = reports(288, std::chrono::minutes(1));
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].timestamp = records[i].timestamp + std::chrono::milliseconds(i * 7919 % 1000);
    records[i].received = noon + std::chrono::hours(24) + i * std::chrono::microseconds(19'000);
  }
  EXPECT_LE(encode_segment(records).size(), 7 * 288U);
  EXPECT_EQ(*decode_segment(encode_segment(records)), records);
}

// As docs/FORMATS.md describes it, without a form of receipts.
std::string segment_of_version_1(std::uint64_t distance) {
  std::string segment("\x01\x00\x02", 3);
  append_signed(segment, noon.microseconds);
  append_varint(segment, 0);
  append_signed(segment, 2'000);
  segment += "\x99\x64";
  append_varint(segment, distance);
  append_signed(segment, 3'000);
  segment += "\x99\x64";
  return with_checksum(segment);
}

TEST(Segment, of_version_1_is_read) {
  const auto later = noon + std::chrono::seconds(60);
  EXPECT_EQ(*decode_segment(segment_of_version_1(60)),
            (Records{{noon, noon + std::chrono::microseconds(2'000), -60, 76, true},
                     {later, later + std::chrono::microseconds(5'000), -60, 76, true}}));
}

TEST(Segment, whose_timestamps_fall_is_refused) {
  EXPECT_EQ(decode_segment(segment_of_version_1(static_cast<std::uint64_t>(-1))).error().reason,
            "a value of the segment is not possible");
}

TEST(Segment, that_is_damaged_anywhere_is_refused) {
  const auto segment = encode_segment(reports(5, std::chrono::seconds(1)));
  for (std::size_t at = 0; at < segment.size(); ++at) {
    auto damaged = segment;
    damaged[at] = static_cast<char>(damaged[at] + 1);
    EXPECT_FALSE(decode_segment(damaged)) << at;
    EXPECT_FALSE(decode_segment(std::string_view(segment).substr(0, at))) << at;
  }
}

TEST(Segment, that_says_it_has_more_than_it_can_is_refused_without_the_memory_for_it) {
  std::string segment("\x02\x00\x00", 3);
  append_varint(segment, std::uint64_t{1} << 60);
  EXPECT_EQ(decode_segment(with_checksum(segment)).error().reason, "the segment is too short for its records");
}

TEST(Segment, without_a_record_is_refused) {
  EXPECT_EQ(decode_segment(with_checksum(std::string("\x02\x00\x00\x00", 4))).error().reason,
            "the segment has no record");
}

TEST(Segment, of_another_version_unit_or_form_is_refused) {
  EXPECT_EQ(decode_segment(with_checksum("\x03\x01\x01\x01")).error().reason, "the segment has an unknown version");
  EXPECT_EQ(decode_segment(with_checksum("\x02\x03\x01\x01")).error().reason, "the segment has an unknown unit");
  EXPECT_EQ(decode_segment(with_checksum("\x02\x01\x02\x01")).error().reason,
            "the segment has an unknown form of receipts");
}

TEST(Segment, with_an_impossible_value_is_refused) {
  auto battery = reports(1, {}), time = battery;
  battery[0].battery_level = max_battery_level + 1;
  time[0].received = earliest_timestamp - std::chrono::microseconds(1);
  for (const auto& records : {battery, time})
    EXPECT_EQ(decode_segment(encode_segment(records)).error().reason, "a value of the segment is not possible");
}

RC_GTEST_PROP(SegmentProperty, of_any_records_is_read_as_written, ()) {
  const auto times = rc::gen::oneOf(test::any_instant(), test::instant_near_noon(50, 50));
  auto records = *rc::gen::nonEmpty(rc::gen::container<Records>(rc::gen::apply(
      [](Status status, Timestamp timestamp, Timestamp received) {
        status.timestamp = timestamp;
        status.received = received;
        return status;
      },
      test::any_status(), times, times)));
  std::sort(records.begin(), records.end(), oldest_first);
  const auto decoded = decode_segment(encode_segment(records));
  RC_ASSERT(decoded.ok());
  RC_ASSERT(*decoded == records);
}

}  // namespace
}  // namespace ubiety::log
