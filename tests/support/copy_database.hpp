// Copies an SQLite database as `sqlite3 TO ".restore FROM"` and ".backup" do. One thread.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>

namespace ubiety::test {

inline void copy_database(const std::string& from, const std::string& to) {
  sqlite3 *source = nullptr, *target = nullptr;
  ASSERT_EQ(sqlite3_open(from.c_str(), &source), SQLITE_OK);
  ASSERT_EQ(sqlite3_open(to.c_str(), &target), SQLITE_OK);
  auto* backup = sqlite3_backup_init(target, "main", source, "main");
  ASSERT_NE(backup, nullptr) << sqlite3_errmsg(target);
  EXPECT_EQ(sqlite3_backup_step(backup, -1), SQLITE_DONE);
  EXPECT_EQ(sqlite3_backup_finish(backup), SQLITE_OK);
  sqlite3_close(source);
  sqlite3_close(target);
}

}  // namespace ubiety::test
