#include "http/resources/metrics/fleet_families.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "fleet/problem.hpp"

namespace ubiety::http {
namespace {

using prometheus::MetricType;

void add_totals(Families& families, const FleetTotals& fleet) {
  families.gauge("ubiety_devices", "Devices that ever reported.", fleet.devices);
  families.gauge("ubiety_devices_online", "Devices whose latest status says online.", fleet.online);
  families.gauge("ubiety_devices_offline", "Devices whose latest status says offline.", fleet.devices - fleet.online);
  families.gauge("ubiety_devices_stale",
                 "Silent devices: not heard for STALE_AFTER, or for twice their rhythm if that is longer.",
                 fleet.silent);
  families.gauge("ubiety_devices_low_battery", "Devices with a battery below 20 percent.",
                 fleet.battery_levels.between(min_battery_level, ProblemRules::low_battery));
  auto problems =
      families.add("ubiety_devices_with_problem", "Devices with a problem, but for muted ones.", MetricType::Gauge);
  for (std::size_t i = 0; i < problem_kinds; ++i)
    problems.add({{"problem", std::string(problem_names[i])}}, fleet.problems[i]);
}

void add_shards(Families& families, const Fleet& fleet) {
  auto shards = families.add("ubiety_shard_devices", "Devices by shard.", MetricType::Gauge);
  for (std::size_t shard = 0; shard < fleet.devices_of_shard.size(); ++shard)
    shards.add({{"shard", std::to_string(shard)}}, fleet.devices_of_shard[shard]);
}

// Without GROUP_BY the family has no sample.
void add_groups(Families& families, const GroupSum::Largest& largest, const Groups& names) {
  families.gauge("ubiety_groups_left_out", "Groups that are smaller than those of ubiety_group_devices.",
                 largest.left_out);
  auto devices =
      families.add_many("ubiety_group_devices", "Devices of the largest groups: silent ones, and the others.");
  for (const auto& [group, totals] : largest.groups) {
    const auto name = names.name_of(group);
    devices.add({{"group", name}, {"state", "heard"}}, totals.devices - totals.silent);
    devices.add({{"group", name}, {"state", "silent"}}, totals.silent);
  }
}

void add_outages(Families& families, const FleetBoard& board) {
  const auto [outages, left_out] = board.running_outages(outages_shown);
  families.gauge("ubiety_outages_left_out", "Outages that run and have no series, because many began before.",
                 left_out);
  auto running = families.add_many("ubiety_outage", "1 while the group is out; without a name, the whole fleet.");
  for (const auto& outage : outages) running.add({{"group", outage.saved.group}}, 1);
}

void add_problems(Families& families, const AttentionPart& found, std::size_t most) {
  auto problems = families.add_many("ubiety_device_problem", "1 while the device has the problem and is not muted.");
  std::uint64_t shown = 0;
  for (const auto& [rank, details] : found.rows)
    for (const auto& problem : details.problems) {
      if (shown == most) break;
      problems.add({{"device_id", rank.device_id}, {"group", details.group}, {"problem", name_of(problem.kind)}}, 1);
      ++shown;
    }
  families.gauge("ubiety_device_problems_left_out",
                 "Series that ubiety_device_problem lacks because of PROBLEM_SERIES.",
                 found.problems - std::min(found.problems, shown));
}

}  // namespace

CensusLists census_lists(const Service& service) {
  AttentionQuery worst;
  worst.limit = service.options.problem_series;
  return {service.engine.state().groups.are_used() ? groups_shown : 0,
          std::make_shared<const AttentionQuery>(std::move(worst))};
}

void add_fleet(Families& families, const Service& service, const Fleet* fleet) {
  const auto& state = service.engine.state();
  add_outages(families, state.fleet);
  if (fleet == nullptr) return;
  add_totals(families, fleet->totals);
  add_shards(families, *fleet);
  add_groups(families, fleet->groups, state.groups);
  add_problems(families, fleet->problems, service.options.problem_series);
}

}  // namespace ubiety::http
