#include "storage/sqlite/mute_table.hpp"

#include <string>

namespace ubiety::sqlite {
namespace {

constexpr std::string_view select_mutes = "SELECT kind, target, ends_at, muted_by FROM mute";
constexpr std::string_view put_mute = R"sql(
  INSERT INTO mute (kind, target, ends_at, muted_by) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT DO UPDATE SET ends_at = excluded.ends_at, muted_by = excluded.muted_by)sql";
constexpr std::string_view delete_mute = "DELETE FROM mute WHERE kind = ?1 AND target = ?2";

Mute mute_of(const Statement& row) {
  Mute mute{{mute_kind_of(row.text(0)), std::string(row.text(1))}, {row.integer(2)}, {}};
  if (!row.is_null(3)) mute.by = row.integer(3);
  return mute;
}

}  // namespace

std::vector<Mute> read_mutes(const Database& database) {
  std::vector<Mute> mutes;
  Statement row(database, select_mutes);
  while (row.next()) mutes.push_back(mute_of(row));
  return mutes;
}

void write_mute(const Database& database, const Mute& mute) {
  Statement put(database, put_mute);
  put.bind(1, name_of(mute.target.kind)).bind(2, mute.target.text).bind(3, mute.until.microseconds);
  put.bind_or_null(4, mute.by);
  put.run();
}

void remove_mutes(const Database& database, std::span<const MuteTarget> targets) {
  Statement remove(database, delete_mute);
  for (const auto& target : targets) remove.bind(1, name_of(target.kind)).bind(2, target.text).run();
}

}  // namespace ubiety::sqlite
