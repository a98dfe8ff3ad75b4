#include "faults/stored_set.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace ubiety::test {
namespace {

constexpr const char* select_rows = R"sql(
  SELECT string_agg(concat_ws('|', device_id, round(extract(epoch FROM timestamp) * 1000000)::bigint, battery_level,
                              rssi, online::int), E'\n')
  FROM device_status)sql";

std::int64_t microseconds_of(const std::string& timestamp) {
  std::tm parts{};
  const char* rest = ::strptime(timestamp.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::string digits;
  if (rest != nullptr && *rest == '.')
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest) digits += *rest;
  digits.resize(6, '0');
  return static_cast<std::int64_t>(::timegm(&parts)) * 1'000'000 + std::stoll(digits);
}

std::string row_of(const Report& report) {
  std::ostringstream row;
  row << report.device_id << '|' << microseconds_of(report.timestamp) << '|' << report.battery_level << '|'
      << report.rssi << '|' << report.online;
  return row.str();
}

}  // namespace

StoredSet check_stored_set(const PostgresServer& postgres, const Recording& recording) {
  StoredSet result;
  std::map<std::string, std::size_t> rows;
  std::istringstream lines(postgres.execute("ubiety", select_rows).value_or(""));
  for (std::string line; std::getline(lines, line); ++result.rows) ++rows[line];
  for (const auto& [row, count] : rows) result.duplicated += count - 1;
  for (const auto& [device, sent] : recording.sent) {
    for (const auto& update : sent) {
      const bool is_there = rows.erase(row_of(update.report)) > 0;
      result.false_200 += !is_there && update.told == Told::stored;
      result.unexpected += is_there && update.told == Told::not_stored;
    }
  }
  result.unexpected += rows.size();
  EXPECT_EQ(result.false_200, 0u);
  EXPECT_EQ(result.duplicated, 0u);
  EXPECT_EQ(result.unexpected, 0u) << (rows.empty() ? "told not to be stored" : rows.begin()->first);
  return result;
}

}  // namespace ubiety::test
