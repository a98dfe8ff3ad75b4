#include "storage/postgres/partitions.hpp"

#include <chrono>
#include <cstdio>

namespace ubiety::postgres {
namespace {

using namespace std::chrono;

Timestamp midnight_of(sys_days day) { return {duration_cast<microseconds>(day.time_since_epoch()).count()}; }

sys_days today_of(Timestamp now) { return floor<days>(sys_time<microseconds>{microseconds{now.microseconds}}); }

std::string name_of(year_month_day date, PartitionSpan span) {
  char text[48];
  const int year = static_cast<int>(date.year());
  const auto month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
  if (span == PartitionSpan::month)
    std::snprintf(text, sizeof text, "device_status_%04d%02u", year, month);
  else
    std::snprintf(text, sizeof text, "device_status_%04d%02u%02u", year, month, day);
  return text;
}

}  // namespace

std::vector<Partition> partitions_around(Timestamp now, PartitionSpan span) {
  std::vector<Partition> partitions;
  for (int step = -1; step <= 2; ++step) {
    sys_days from, to;
    if (span == PartitionSpan::month) {
      const year_month_day today{today_of(now)};
      const auto month = today.year() / today.month() + months{step};
      from = sys_days{month / 1};
      to = sys_days{(month + months{1}) / 1};
    } else {
      from = today_of(now) + days{step};
      to = from + days{1};
    }
    partitions.push_back({name_of(year_month_day{from}, span), midnight_of(from), midnight_of(to)});
  }
  return partitions;
}

}  // namespace ubiety::postgres
