// What the resources of the fleet show as JSON: problems, outages and events. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/device_state.hpp"
#include "actors/fleet_board.hpp"
#include "fleet/mutes.hpp"
#include "fleet/problem.hpp"
#include "json/writer.hpp"

namespace ubiety::http {

// `ended` is nullopt while the device has the problem.
void append_problem(std::string& out, const Problem& problem, std::optional<Timestamp> ended = std::nullopt);

// The worst first.
void append_problems(std::string& out, const std::vector<Problem>& problems);

void append_outage(std::string& out, const OutageView& outage);

// The member `device_id` or `prefix`.
void add_target(json::Object& object, const MuteTarget& target);

void append_event(std::string& out, const FleetEvent& event);

// The rhythm in seconds; nullopt while it is not known.
std::optional<double> usual_seconds(const DeviceDetails& details);

// The name, or null without one: the whole fleet, or a device in no group.
void append_group(std::string& out, std::string_view name);

}  // namespace ubiety::http
