// The mutes that SQLite keeps. One thread.
#pragma once

#include <span>
#include <vector>

#include "fleet/mutes.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

// Throws Error.
std::vector<Mute> read_mutes(const Database& database);
// These two in a transaction of the caller. Throw Error.
void write_mute(const Database& database, const Mute& mute);
void remove_mutes(const Database& database, std::span<const MuteTarget> targets);

}  // namespace ubiety::sqlite
