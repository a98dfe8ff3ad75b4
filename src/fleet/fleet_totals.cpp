#include "fleet/fleet_totals.hpp"

namespace ubiety {

FleetTotals& FleetTotals::operator+=(const FleetTotals& other) {
  devices += other.devices;
  online += other.online;
  silent += other.silent;
  muted += other.muted;
  for (std::size_t i = 0; i < problems.size(); ++i) problems[i] += other.problems[i];
  troubled += other.troubled;
  reports += other.reports;
  battery_levels += other.battery_levels;
  signals += other.signals;
  minutes += other.minutes;
  return *this;
}

}  // namespace ubiety
