#include "program/commands.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

#include "actors/store/recovery.hpp"
#include "domain/clock.hpp"
#include "keys/administration.hpp"
#include "program/parts.hpp"
#include "program/process.hpp"

namespace ubiety::program {
namespace {

constexpr std::size_t columns = 8;
using Row = std::array<std::string, columns>;

std::string time_or_dash(const std::optional<Timestamp>& time) {
  if (!time) return "-";
  return format_timestamp({time->microseconds / 1'000'000 * 1'000'000});
}

Row row_of(const ApiKey& key, Timestamp now) {
  return {std::to_string(key.id),      key.prefix,
          to_text(key.scopes),         std::string(state_of(key, now)),
          time_or_dash(key.created),   time_or_dash(key.expires),
          time_or_dash(key.last_used), key.name};
}

// The last column, the name, is not padded: it may have any length and any characters.
void print(const std::vector<Row>& rows) {
  std::array<std::size_t, columns> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < columns; ++i)
      std::cout << row[i] << std::string(widths[i] - row[i].size() + 2, ' ');
    std::cout << row.back() << '\n';
  }
}

int fail_unknown(KeyId id) { return fail("there is no key " + std::to_string(id)); }

int create(KeyStore& store, const config::KeyArguments& key, Timestamp now) {
  if (check_key_name(key.name)) return refuse("a key's name has 1 to 255 characters, none of them a control character");
  keys::KeyRequest request{.name = key.name, .scopes = {}, .expires = {}};
  for (const auto& text : key.scopes) {
    const auto scope = parse_scope(text);
    if (!scope) return refuse("--scope: expected one of ingest, read, admin, not \"" + text + "\"");
    request.scopes.add(*scope);
  }
  if (!key.expires.empty()) {
    request.expires = keys::parse_expiry(key.expires, now);
    if (!request.expires)
      return refuse("--expires: expected a future time such as 2027-01-01T00:00:00Z, or 90d or 12h, not \"" +
                    key.expires + "\"");
  }
  const auto issued = keys::issue(store, request, now);
  if (!issued) return report(issued.error());
  std::cerr << "key " << issued->key.id << ", " << to_text(issued->key.scopes) << "; it is shown only once:\n";
  std::cout << issued->plain.text() << std::endl;
  return 0;
}

int list(KeyStore& store, Timestamp now) {
  const auto stored = store.all();
  if (!stored) return report(stored.error());
  std::vector<Row> rows{{"ID", "KEY", "SCOPES", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME"}};
  for (const auto& key : stored->keys) rows.push_back(row_of(key, now));
  print(rows);
  return 0;
}

int revoke(KeyStore& store, KeyId id, Timestamp now) {
  const auto revoked = store.revoke(id, now);
  if (!revoked) return report(revoked.error());
  if (!*revoked) return fail_unknown(id);
  std::cout << "key " << id << " is revoked\n";
  return 0;
}

int rotate(KeyStore& store, KeyId id, std::chrono::seconds grace, Timestamp now) {
  const auto rotation = keys::rotate(store, id, grace, now);
  if (!rotation) return report(rotation.error());
  switch (rotation->outcome) {
    case RotationOutcome::unknown: return fail_unknown(id);
    case RotationOutcome::not_live: return fail("key " + std::to_string(id) + " is revoked or has expired");
    case RotationOutcome::replaced:
      return fail("key " + std::to_string(id) + " was rotated into key " + std::to_string(rotation->key.id));
    case RotationOutcome::rotated: break;
  }
  std::cerr << "key " << rotation->key.id << " replaces key " << id << ", which expires at "
            << format_timestamp(now + grace) << " at the latest; it is shown only once:\n";
  std::cout << rotation->plain->text() << std::endl;
  return 0;
}

}  // namespace

int keys(const Settings& settings, config::Command command, const config::KeyArguments& key) {
  keep_memory_private();
  const auto store = make_store(settings, MissingStore::is_an_error);
  if (!store) return refuse(store.error());
  if (auto prepared = prepare_schema(**store, false); !prepared) return report(prepared.error());
  const auto opened = (*store)->open_keys();
  if (!opened) return report(opened.error());
  const auto now = SystemClock().now();
  switch (command) {
    case config::Command::keys_create: return create(**opened, key, now);
    case config::Command::keys_revoke: return revoke(**opened, key.id, now);
    case config::Command::keys_rotate: return rotate(**opened, key.id, std::chrono::seconds(key.grace_seconds), now);
    default: return list(**opened, now);
  }
}

}  // namespace ubiety::program
