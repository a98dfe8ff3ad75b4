#include "keys/commands.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "keys/administration.hpp"

namespace ubiety::keys {
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

// The last column is the name, which may be of any length and any characters.
void print(std::ostream& out, const std::vector<Row>& rows) {
  std::array<std::size_t, columns> widths{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], row[i].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < columns; ++i) out << row[i] << std::string(widths[i] - row[i].size() + 2, ' ');
    out << row.back() << '\n';
  }
}

}  // namespace

std::optional<Timestamp> parse_expiry(const std::string& text, Timestamp now) {
  std::optional<Timestamp> expiry = parse_timestamp(text);
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (!expiry && error == std::errc{} && end + 1 == text.data() + text.size() && count > 0 && count <= 1'000'000) {
    if (*end == 'd') expiry = now + std::chrono::days(count);
    if (*end == 'h') expiry = now + std::chrono::hours(count);
  }
  if (!expiry || *expiry <= now || *expiry > latest_timestamp) return std::nullopt;
  return expiry;
}

int Commands::refuse(const std::string& problem, int code) {
  notes_ << "ubietyd: " << problem << '\n';
  return code;
}

int Commands::create(const std::string& name, const std::vector<std::string>& scopes, const std::string& expires) {
  if (check_key_name(name)) return refuse("a key's name has 1 to 255 characters, none of them a control character", 2);
  KeyRequest request{.name = name, .scopes = {}, .expires = {}};
  for (const auto& text : scopes) {
    const auto scope = parse_scope(text);
    if (!scope) return refuse("--scope: expected one of ingest, read, admin, not \"" + text + "\"", 2);
    request.scopes.add(*scope);
  }
  if (!expires.empty()) {
    request.expires = parse_expiry(expires, now_);
    if (!request.expires)
      return refuse(
          "--expires: expected a time to come as 2027-01-01T00:00:00Z, or 90d, or 12h, not \"" + expires + "\"", 2);
  }
  const auto issued = issue(store_, request, now_);
  if (!issued) return refuse(issued.error().message);
  notes_ << "key " << issued->key.id << ", " << to_text(issued->key.scopes) << "; it is shown this one time:\n";
  out_ << issued->plain.text() << std::endl;
  return 0;
}

int Commands::list() {
  const auto stored = store_.all();
  if (!stored) return refuse(stored.error().message);
  std::vector<Row> rows{{"ID", "KEY", "SCOPES", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME"}};
  for (const auto& key : stored->keys) rows.push_back(row_of(key, now_));
  print(out_, rows);
  return 0;
}

int Commands::revoke(KeyId id) {
  const auto revoked = store_.revoke(id, now_);
  if (!revoked) return refuse(revoked.error().message);
  if (!*revoked) return unknown(id);
  out_ << "key " << id << " is revoked\n";
  return 0;
}

int Commands::rotate(KeyId id, std::chrono::seconds grace) {
  const auto rotation = keys::rotate(store_, id, grace, now_);
  if (!rotation) return refuse(rotation.error().message);
  switch (rotation->outcome) {
    case RotationOutcome::unknown: return unknown(id);
    case RotationOutcome::not_live: return refuse("key " + std::to_string(id) + " is revoked or has expired");
    case RotationOutcome::replaced:
      return refuse("key " + std::to_string(id) + " was rotated into key " + std::to_string(rotation->key.id));
    case RotationOutcome::rotated: break;
  }
  notes_ << "key " << rotation->key.id << " takes the place of key " << id << ", which ends at "
         << format_timestamp(now_ + grace) << " at the latest; it is shown this one time:\n";
  out_ << rotation->plain->text() << std::endl;
  return 0;
}

}  // namespace ubiety::keys
