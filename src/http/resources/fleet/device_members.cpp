#include "http/resources/fleet/device_members.hpp"

#include <algorithm>

#include "http/resources/fleet/fleet_json.hpp"
#include "json/writer.hpp"

namespace ubiety::http {
namespace {

void append_value(std::string& out, DeviceMember member, std::string_view device_id, const DeviceDetails& details) {
  const auto& state = details.state;
  const auto& status = state.status;
  switch (member) {
    case DeviceMember::device_id: return json::append(out, device_id);
    case DeviceMember::battery_level: return json::append(out, status.battery_level);
    case DeviceMember::online: return json::append(out, status.online);
    case DeviceMember::last_update: return json::append(out, status.timestamp);
    case DeviceMember::rssi: return json::append(out, status.rssi);
    case DeviceMember::last_heard: return json::append(out, state.last_heard);
    case DeviceMember::stale: return json::append(out, state.is_stale());
    case DeviceMember::was_due: return json::append(out, state.was_due);
    case DeviceMember::group: return append_group(out, details.group);
    case DeviceMember::usual_seconds: return json::append(out, usual_seconds(details));
    case DeviceMember::due: return json::append(out, details.due);
    case DeviceMember::problems: return append_problems(out, details.problems);
    case DeviceMember::muted: return json::append(out, details.muted_until);
    case DeviceMember::outage: return json::append(out, details.is_in_outage);
  }
}

}  // namespace

Result<DeviceMembers, ValidationMessage> parse_members(const std::vector<std::string_view>& names) {
  DeviceMembers members;
  for (const auto name : names) {
    const auto found = std::find(device_member_names.begin(), device_member_names.end(), name);
    if (found == device_member_names.end()) return Failure{pydantic::not_one_of(device_member_names)};
    const auto member = static_cast<DeviceMember>(found - device_member_names.begin());
    if (std::find(members.begin(), members.end(), member) != members.end())
      return Failure{ValidationMessage{"a field is given more than once", "value_error.duplicate"}};
    members.push_back(member);
  }
  if (members.empty()) return Failure{pydantic::too_few_items(1)};
  return members;
}

DeviceMembers read_members(QueryReader& reader) {
  const auto fields = reader.text("fields");
  if (!fields) return {};
  std::vector<std::string_view> names;
  for (auto rest = *fields;;) {
    const auto comma = rest.find(',');
    names.push_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  auto members = parse_members(names);
  if (members) return std::move(*members);
  reader.fault("fields", std::move(members.error()));
  return {};
}

void render_members(std::string& out, std::string_view device_id, const DeviceDetails& details,
                    const DeviceMembers& members) {
  auto before = ",{";
  for (const auto member : members) {
    out.append(before).append("\"").append(device_member_names[static_cast<std::size_t>(member)]).append("\":");
    append_value(out, member, device_id, details);
    before = ",";
  }
  out += '}';
}

}  // namespace ubiety::http
