#include "http/resources/history/history_cursor.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/generators.hpp"

namespace ubiety::http {
namespace {

const Status record{noon, noon + std::chrono::microseconds(1), -60, 76, true};

rc::Gen<Status> any_record() {
  return rc::gen::apply(
      [](Timestamp timestamp, Timestamp received, int rssi, int battery_level, bool online) {
        return Status{timestamp, received, static_cast<std::int16_t>(rssi), static_cast<std::uint8_t>(battery_level),
                      online};
      },
      test::any_instant(), test::any_instant(), rc::gen::inRange(min_rssi, max_rssi + 1),
      rc::gen::inRange(min_battery_level, max_battery_level + 1), rc::gen::arbitrary<bool>());
}

// A good cursor with `digits` at `place`.
std::string altered(std::size_t place, std::string_view digits) {
  return encode_cursor({record}).replace(place, digits.size(), digits);
}

TEST(HistoryCursor, has_the_format_of_the_documentation) {
  EXPECT_EQ(encode_cursor({{{0x0123456789ABCDEF}, {-2}, -160, 100, false}}),
            "01"
            "0123456789abcdef"
            "fffffffffffffffe"
            "64"
            "00"
            "00");
  EXPECT_EQ(encode_cursor({{{1}, {2}, 20, 0, true}}), "010000000000000001000000000000000200b401");
}

TEST(HistoryCursor, reads_the_bounds) {
  for (const auto time : {earliest_timestamp, latest_timestamp, Timestamp{0}, Timestamp{-1}})
    for (const int rssi : {min_rssi, -1, 0, max_rssi}) {
      const Status bound{time, time, static_cast<std::int16_t>(rssi), 100, false};
      const auto position = decode_cursor(encode_cursor({bound}));
      ASSERT_TRUE(position);
      EXPECT_EQ(position->record, bound);
    }
}

TEST(HistoryCursor, refuses_what_it_did_not_write) {
  const auto good = encode_cursor({record});
  ASSERT_TRUE(decode_cursor(good));
  const std::string cases[] = {
      "",
      "garbage",
      good + "0",
      good + "00",
      good.substr(1),
      good.substr(0, good.size() - 2),
      " " + good.substr(1),
      std::string(40, 'f'),
      std::string(40, '0'),
      altered(0, "02"),  // another version
      altered(4, "G"),
      altered(4, "F"),  // upper case
      altered(4, "/"),
      altered(2, "7fffffffffffffff"),  // a time beyond the year 9999
      altered(2, "8000000000000000"),  // and one before the year 0
      altered(18, "7fffffffffffffff"),
      altered(34, "65"),  // battery_level 101
      altered(36, "b5"),  // rssi 21
      altered(38, "02"),  // online
  };
  for (const auto& text : cases) EXPECT_FALSE(decode_cursor(text)) << text;
}

RC_GTEST_PROP(HistoryCursor, reads_back_what_it_wrote, ()) {
  const auto any = *any_record();
  const auto position = decode_cursor(encode_cursor({any}));
  RC_ASSERT(position.has_value());
  RC_ASSERT(position->record == any);
}

RC_GTEST_PROP(HistoryCursor, has_one_text_for_a_record, ()) {
  auto text = encode_cursor({*any_record()});
  text[*rc::gen::inRange<std::size_t>(0, text.size())] =
      *rc::gen::elementOf(std::string("0123456789abcdefABCDEF%+ \n"));
  if (const auto position = decode_cursor(text)) RC_ASSERT(encode_cursor(*position) == text);
}

}  // namespace
}  // namespace ubiety::http
