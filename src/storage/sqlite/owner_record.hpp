// The table store_owner, in which the owner of a database file says who it is. Each call throws Error. One thread.
#pragma once

#include "storage/ownership.hpp"
#include "storage/sqlite/database.hpp"

namespace ubiety::sqlite {

void record_owner(Database& database, const Owner& owner);

// The last that was recorded: what a process reads that did not get the file's lock. Empty where there is no table yet.
Owner recorded_owner(Database& database);

}  // namespace ubiety::sqlite
