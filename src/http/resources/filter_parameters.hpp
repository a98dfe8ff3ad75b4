// The parameters of a query that select devices, the same wherever a client describes devices. Pure functions, any
// thread.
#pragma once

#include "actors/device_filter.hpp"
#include "fleet/groups.hpp"
#include "http/message/query.hpp"

namespace ubiety::http {

// Reads online, battery_below, rssi_below, stale, silent_for, problem, group, muted, prefix and q. The reader collects
// the faults.
DeviceFilter read_filter(QueryReader& reader, const Groups& groups);

}  // namespace ubiety::http
