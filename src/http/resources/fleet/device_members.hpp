// The members of a device that a client chose: their names in a request, and their JSON. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/device_member.hpp"
#include "actors/device_state.hpp"
#include "domain/result.hpp"
#include "http/message/query.hpp"

namespace ubiety::http {

// The error is the fault of the first name that no member has, that is given twice, or of an empty list.
Result<DeviceMembers, ValidationMessage> parse_members(const std::vector<std::string_view>& names);

// Reads `fields`, whose value has commas between the names. Returns no members without it; the reader collects faults.
DeviceMembers read_members(QueryReader& reader);

// SummaryEncoder::render_members: appends a comma and an object with all of the members, in their order. What a device
// lacks is null.
void render_members(std::string& out, std::string_view device_id, const DeviceDetails& details,
                    const DeviceMembers& members);

}  // namespace ubiety::http
