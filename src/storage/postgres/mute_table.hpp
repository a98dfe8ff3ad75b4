// The mutes that PostgreSQL keeps. One thread.
#pragma once

#include <span>
#include <vector>

#include "fleet/mutes.hpp"
#include "storage/postgres/connection.hpp"

namespace ubiety::postgres {

// Throws SqlError.
std::vector<Mute> read_mutes(Connection& connection);
void write_mute(Connection& connection, const Mute& mute);
void remove_mutes(Connection& connection, std::span<const MuteTarget> targets);

}  // namespace ubiety::postgres
