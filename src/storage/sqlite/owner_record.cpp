#include "storage/sqlite/owner_record.hpp"

namespace ubiety::sqlite {
namespace {

constexpr std::string_view find_table = "SELECT 1 FROM sqlite_schema WHERE name = 'store_owner'";
constexpr std::string_view select_owner = "SELECT host, pid, since FROM store_owner";
constexpr std::string_view put_owner = R"sql(
  INSERT INTO store_owner (the_only_row, host, pid, since) VALUES (1, ?1, ?2, ?3)
  ON CONFLICT DO UPDATE SET host = excluded.host, pid = excluded.pid, since = excluded.since)sql";

}  // namespace

void record_owner(Database& database, const Owner& owner) {
  Statement(database, put_owner)
      .bind(1, std::string_view(owner.host))
      .bind(2, owner.pid)
      .bind(3, owner.since.microseconds)
      .run();
}

Owner recorded_owner(Database& database) {
  if (!Statement(database, find_table).next()) return {};
  Statement owner(database, select_owner);
  if (!owner.next()) return {};
  return {.host = std::string(owner.text(0)), .pid = owner.integer(1), .since = {owner.integer(2)}};
}

}  // namespace ubiety::sqlite
