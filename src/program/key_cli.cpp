#include "program/key_cli.hpp"

#include <algorithm>
#include <array>

#include "keys/administration.hpp"

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

int KeyCli::refuse(const std::string& problem, int code) {
  notes_ << "ubietyd: " << problem << '\n';
  return code;
}

int KeyCli::create(const std::string& name, const std::vector<std::string>& scopes, const std::string& expires) {
  if (check_key_name(name)) return refuse("a key's name has 1 to 255 characters, none of them a control character", 2);
  keys::KeyRequest request{.name = name, .scopes = {}, .expires = {}};
  for (const auto& text : scopes) {
    const auto scope = parse_scope(text);
    if (!scope) return refuse("--scope: expected one of ingest, read, admin, not \"" + text + "\"", 2);
    request.scopes.add(*scope);
  }
  if (!expires.empty()) {
    request.expires = keys::parse_expiry(expires, now_);
    if (!request.expires)
      return refuse(
          "--expires: expected a future time such as 2027-01-01T00:00:00Z, or 90d or 12h, not \"" + expires + "\"", 2);
  }
  const auto issued = keys::issue(store_, request, now_);
  if (!issued) return refuse(issued.error().message);
  notes_ << "key " << issued->key.id << ", " << to_text(issued->key.scopes) << "; it is shown only once:\n";
  out_ << issued->plain.text() << std::endl;
  return 0;
}

int KeyCli::list() {
  const auto stored = store_.all();
  if (!stored) return refuse(stored.error().message);
  std::vector<Row> rows{{"ID", "KEY", "SCOPES", "STATE", "CREATED", "EXPIRES", "LAST USED", "NAME"}};
  for (const auto& key : stored->keys) rows.push_back(row_of(key, now_));
  print(out_, rows);
  return 0;
}

int KeyCli::revoke(KeyId id) {
  const auto revoked = store_.revoke(id, now_);
  if (!revoked) return refuse(revoked.error().message);
  if (!*revoked) return refuse_unknown(id);
  out_ << "key " << id << " is revoked\n";
  return 0;
}

int KeyCli::rotate(KeyId id, std::chrono::seconds grace) {
  const auto rotation = keys::rotate(store_, id, grace, now_);
  if (!rotation) return refuse(rotation.error().message);
  switch (rotation->outcome) {
    case RotationOutcome::unknown: return refuse_unknown(id);
    case RotationOutcome::not_live: return refuse("key " + std::to_string(id) + " is revoked or has expired");
    case RotationOutcome::replaced:
      return refuse("key " + std::to_string(id) + " was rotated into key " + std::to_string(rotation->key.id));
    case RotationOutcome::rotated: break;
  }
  notes_ << "key " << rotation->key.id << " replaces key " << id << ", which expires at "
         << format_timestamp(now_ + grace) << " at the latest; it is shown only once:\n";
  out_ << rotation->plain->text() << std::endl;
  return 0;
}

}  // namespace ubiety::program
