#include "domain/report.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "support/generators.hpp"

namespace ubiety {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr auto infinity = std::numeric_limits<double>::infinity();
constexpr auto max_future = std::chrono::microseconds(24h);
const Timestamp received = noon + 1us;

Report good_report() {
  Report report;
  report[Field::device_id] = "sensor-1"sv;
  report[Field::timestamp] = "2025-06-09T14:00:00Z"sv;
  report[Field::battery_level] = std::int64_t{76};
  report[Field::rssi] = std::int64_t{-60};
  report[Field::online] = true;
  return report;
}

Report report_with(Field field, FieldValue value) {
  auto report = good_report();
  report[field] = value;
  return report;
}

auto validated(const Report& report) { return validate(report, received, noon, max_future); }

Faults faults_of(const Report& report) {
  auto result = validated(report);
  return result ? Faults{} : result.error();
}

std::vector<FaultKind> kinds_of(const Faults& faults) {
  std::vector<FaultKind> kinds;
  for (const auto& fault : faults) kinds.push_back(fault.kind);
  return kinds;
}

std::vector<std::string> locations_of(const Faults& faults) {
  std::vector<std::string> locations;
  for (const auto& fault : faults) locations.push_back(fault.location);
  return locations;
}

TEST(Report, becomes_an_update) {
  const auto update = validated(good_report());
  ASSERT_TRUE(update);
  EXPECT_EQ(update->device_id, "sensor-1");
  EXPECT_EQ(update->status, (Status{*parse_timestamp("2025-06-09T14:00:00Z"), received, -60, 76, true}));
}

struct FaultCase {
  Field field;
  FieldValue value;
  FaultKind kind;
  std::int64_t limit = 0;
};

TEST(Report, names_the_fault_of_each_field) {
  const std::string too_long(256, 'x');
  const FaultCase cases[] = {
      {Field::device_id, Missing{}, FaultKind::missing},
      {Field::device_id, Null{}, FaultKind::null},
      {Field::device_id, std::int64_t{5}, FaultKind::not_a_string},
      {Field::device_id, 5.5, FaultKind::not_a_string},
      {Field::device_id, true, FaultKind::not_a_string},
      {Field::device_id, Composite{}, FaultKind::not_a_string},
      {Field::device_id, ""sv, FaultKind::too_short, 1},
      {Field::device_id, std::string_view(too_long), FaultKind::too_long, 255},
      {Field::device_id, "a\tb"sv, FaultKind::bad_device_id},
      {Field::device_id, "summary"sv, FaultKind::bad_device_id},
      {Field::device_id, "."sv, FaultKind::bad_device_id},
      {Field::device_id, ".."sv, FaultKind::bad_device_id},
      {Field::device_id, "\xFF"sv, FaultKind::bad_device_id},
      {Field::timestamp, Missing{}, FaultKind::missing},
      {Field::timestamp, Null{}, FaultKind::null},
      {Field::timestamp, true, FaultKind::not_a_time},
      {Field::timestamp, false, FaultKind::not_a_time},
      {Field::timestamp, Composite{}, FaultKind::not_a_time},
      {Field::timestamp, ""sv, FaultKind::bad_timestamp},
      {Field::timestamp, "yesterday"sv, FaultKind::bad_timestamp},
      {Field::timestamp, "9999-12-31T23:59:59Z"sv, FaultKind::too_far_ahead},
      {Field::timestamp, std::int64_t{20'000'000'000}, FaultKind::too_far_ahead},
      {Field::timestamp, infinity, FaultKind::too_far_ahead},
      {Field::battery_level, Missing{}, FaultKind::missing},
      {Field::battery_level, Null{}, FaultKind::null},
      {Field::battery_level, "76"sv, FaultKind::not_an_integer},
      {Field::battery_level, true, FaultKind::not_an_integer},
      {Field::battery_level, Composite{}, FaultKind::not_an_integer},
      {Field::battery_level, 76.5, FaultKind::not_an_integer},
      {Field::battery_level, 100.00001, FaultKind::not_an_integer},
      {Field::battery_level, std::int64_t{-1}, FaultKind::too_small, 0},
      {Field::battery_level, std::int64_t{101}, FaultKind::too_large, 100},
      {Field::battery_level, 101.0, FaultKind::too_large, 100},
      {Field::battery_level, 1e300, FaultKind::too_large, 100},
      {Field::battery_level, -1e300, FaultKind::too_small, 0},
      {Field::battery_level, infinity, FaultKind::too_large, 100},
      {Field::battery_level, -infinity, FaultKind::too_small, 0},
      {Field::battery_level, 18446744073709551615.0, FaultKind::too_large, 100},
      {Field::battery_level, std::int64_t{256 + 76}, FaultKind::too_large, 100},  // 76, were it cut to a byte
      {Field::battery_level, std::numeric_limits<std::int64_t>::max(), FaultKind::too_large, 100},
      {Field::battery_level, std::numeric_limits<std::int64_t>::min(), FaultKind::too_small, 0},
      {Field::rssi, Missing{}, FaultKind::missing},
      {Field::rssi, Null{}, FaultKind::null},
      {Field::rssi, "-60"sv, FaultKind::not_an_integer},
      {Field::rssi, -60.5, FaultKind::not_an_integer},
      {Field::rssi, std::int64_t{-161}, FaultKind::too_small, -160},
      {Field::rssi, std::int64_t{21}, FaultKind::too_large, 20},
      {Field::rssi, std::int64_t{65536 - 60}, FaultKind::too_large, 20},  // -60, were it cut to 16 bits
      {Field::rssi, -1e300, FaultKind::too_small, -160},
      {Field::online, Missing{}, FaultKind::missing},
      {Field::online, Null{}, FaultKind::null},
      {Field::online, "true"sv, FaultKind::not_a_boolean},
      {Field::online, std::int64_t{1}, FaultKind::not_a_boolean},
      {Field::online, 0.0, FaultKind::not_a_boolean},
      {Field::online, Composite{}, FaultKind::not_a_boolean},
  };
  for (const auto& [field, value, kind, limit] : cases) {
    SCOPED_TRACE(testing::Message() << "case " << (&field - &cases[0].field));
    const auto faults = faults_of(report_with(field, value));
    ASSERT_EQ(kinds_of(faults), std::vector{kind});
    EXPECT_EQ(faults.front().location, field_names[static_cast<std::size_t>(field)]);
    EXPECT_EQ(faults.front().limit, limit);
    EXPECT_EQ(faults.front().reason.empty(), kind != FaultKind::bad_device_id);
  }
}

TEST(Report, accepts_the_values_at_the_bounds) {
  const std::string longest(255, 'x');
  const std::pair<Field, FieldValue> cases[] = {
      {Field::device_id, "x"sv},
      {Field::device_id, std::string_view(longest)},
      {Field::battery_level, std::int64_t{0}},
      {Field::battery_level, std::int64_t{100}},
      {Field::rssi, std::int64_t{-160}},
      {Field::rssi, std::int64_t{20}},
      {Field::timestamp, "0000-01-01T00:00:00Z"sv},
      {Field::timestamp, "1970-01-01T00:00:00Z"sv},
      {Field::online, false},
  };
  for (const auto& [field, value] : cases) EXPECT_EQ(kinds_of(faults_of(report_with(field, value))).size(), 0u);
  EXPECT_EQ(validated(report_with(Field::rssi, std::int64_t{-160}))->status.rssi, -160);
  EXPECT_EQ(validated(report_with(Field::battery_level, std::int64_t{100}))->status.battery_level, 100);
  EXPECT_FALSE(validated(report_with(Field::online, false))->status.online);
}

TEST(Report, accepts_a_number_without_a_fraction_as_an_integer) {
  EXPECT_EQ(validated(report_with(Field::battery_level, 76.0))->status.battery_level, 76);
  EXPECT_EQ(validated(report_with(Field::battery_level, -0.0))->status.battery_level, 0);
  EXPECT_EQ(validated(report_with(Field::battery_level, 1e2))->status.battery_level, 100);
  EXPECT_EQ(validated(report_with(Field::rssi, -60.0))->status.rssi, -60);
}

TEST(Report, accepts_unix_time) {
  const auto time_with = [](FieldValue value) {
    return validated(report_with(Field::timestamp, value))->status.timestamp;
  };
  EXPECT_EQ(time_with(std::int64_t{1'749'477'600}), *parse_timestamp("2025-06-09T14:00:00Z"));
  EXPECT_EQ(time_with(std::int64_t{1'749'477'600'250}), *parse_timestamp("2025-06-09T14:00:00.25Z"));
  EXPECT_EQ(time_with(1'749'477'600.25), *parse_timestamp("2025-06-09T14:00:00.25Z"));
  EXPECT_EQ(time_with("1749477600"sv), *parse_timestamp("2025-06-09T14:00:00Z"));
  EXPECT_EQ(time_with(std::int64_t{0}), Timestamp{0});
  EXPECT_EQ(time_with(-infinity), *parse_timestamp("0001-01-01T00:00:00Z"));
}

TEST(Report, may_be_ahead_by_the_limit_and_no_more) {
  const auto just = format_timestamp(noon + max_future), beyond = format_timestamp(noon + max_future + 1us);
  EXPECT_EQ(validated(report_with(Field::timestamp, std::string_view(just)))->status.timestamp, noon + max_future);
  const auto faults = faults_of(report_with(Field::timestamp, std::string_view(beyond)));
  ASSERT_EQ(kinds_of(faults), std::vector{FaultKind::too_far_ahead});
  EXPECT_EQ(faults.front().time_limit, noon + max_future);
}

TEST(Report, reports_all_faults_in_the_order_of_the_fields) {
  Report report;
  report[Field::online] = "yes"sv;
  report[Field::rssi] = std::int64_t{-500};
  report[Field::timestamp] = Null{};
  report[Field::device_id] = ""sv;
  const auto faults = faults_of(report);
  EXPECT_EQ(kinds_of(faults), (std::vector{FaultKind::too_short, FaultKind::null, FaultKind::missing,
                                           FaultKind::too_small, FaultKind::not_a_boolean}));
  EXPECT_EQ(locations_of(faults), (std::vector<std::string>(field_names.begin(), field_names.end())));
}

TEST(Report, misses_every_field_of_an_empty_object) {
  EXPECT_EQ(kinds_of(faults_of(Report{})), std::vector(field_count, FaultKind::missing));
}

TEST(Report, refuses_repeated_keys_after_the_fields) {
  auto report = report_with(Field::online, std::int64_t{1});
  report.repeated_keys = {"colour", "rssi", "rssi", "battery_level"};
  const auto faults = faults_of(report);
  EXPECT_EQ(locations_of(faults), (std::vector<std::string>{"battery_level", "rssi", "online", "colour"}));
  EXPECT_EQ(kinds_of(faults), (std::vector{FaultKind::repeated_key, FaultKind::repeated_key, FaultKind::not_a_boolean,
                                           FaultKind::repeated_key}));
}

TEST(Report, refuses_each_repeated_field_once) {
  for (const auto name : field_names) {
    auto report = good_report();
    report.repeated_keys = {std::string(name)};
    const auto faults = faults_of(report);
    EXPECT_EQ(kinds_of(faults), std::vector{FaultKind::repeated_key});
    EXPECT_EQ(locations_of(faults), std::vector{std::string(name)});
  }
}

RC_GTEST_PROP(Report, accepts_exactly_the_integers_in_range, (std::int16_t number)) {
  const auto faults_with = [](Field field, FieldValue value) { return kinds_of(faults_of(report_with(field, value))); };
  const auto expected = [](int value, int lowest, int highest) {
    if (value < lowest) return std::vector{FaultKind::too_small};
    if (value > highest) return std::vector{FaultKind::too_large};
    return std::vector<FaultKind>{};
  };
  RC_ASSERT(faults_with(Field::battery_level, std::int64_t{number}) == expected(number, 0, 100));
  RC_ASSERT(faults_with(Field::battery_level, double{1.0 * number}) == expected(number, 0, 100));
  RC_ASSERT(faults_with(Field::rssi, std::int64_t{number}) == expected(number, -160, 20));
}

}  // namespace
}  // namespace ubiety
