#include "storage/postgres/mute_table.hpp"

namespace ubiety::postgres {
namespace {

constexpr const char* select_mutes =
    "SELECT kind, target, (extract(epoch FROM ends_at) * 1000000)::bigint, muted_by FROM mute";
constexpr const char* put_mute = R"sql(
  INSERT INTO mute (kind, target, ends_at, muted_by) VALUES ($1, $2, $3::timestamptz, $4)
  ON CONFLICT (kind, target) DO UPDATE SET ends_at = excluded.ends_at, muted_by = excluded.muted_by)sql";
constexpr const char* delete_mute = "DELETE FROM mute WHERE kind = $1 AND target = $2";

Mute mute_of(const Row& row) {
  return {{mute_kind_of(row.text(0)), row.text(1)},
          {row.number(2)},
          row.is_null(3) ? std::nullopt : std::optional<KeyId>(row.number(3))};
}

}  // namespace

std::vector<Mute> read_mutes(Connection& connection) {
  std::vector<Mute> mutes;
  for (const auto& row : connection.query(select_mutes)) mutes.push_back(mute_of(row));
  return mutes;
}

void write_mute(Connection& connection, const Mute& mute) {
  connection.query(put_mute, {name_of(mute.target.kind), mute.target.text, mute.until, mute.by});
}

void remove_mutes(Connection& connection, std::span<const MuteTarget> targets) {
  Transaction transaction(connection);
  for (const auto& target : targets) connection.query(delete_mute, {name_of(target.kind), target.text});
  transaction.commit();
}

}  // namespace ubiety::postgres
