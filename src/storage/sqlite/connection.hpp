// Opens the database with the settings that the promise rests on, and tells SQLite's errors in the store's terms.
#pragma once

#include <string>

#include "storage/sqlite/database.hpp"
#include "storage/store.hpp"

namespace ubiety::sqlite {

// Throws Error.
Database connect(const std::string& path);
// The same, but a file that is missing is not made: an Error.
Database connect_to_existing(const std::string& path);

StoreFailure failure_of(const Error& error);

// Gives what `action` gives, its Error as a failure.
template <class Action>
auto guarded(Action action) -> StoreResult<decltype(action())> {
  try {
    return action();
  } catch (const Error& error) {
    return Failure{failure_of(error)};
  }
}

}  // namespace ubiety::sqlite
