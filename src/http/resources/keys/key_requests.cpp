#include "http/resources/keys/key_requests.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "http/resources/validation_answer.hpp"

namespace ubiety::http {
namespace {

using Faults = std::vector<ParameterFault>;

// Gathers the faults of one body. Each field is asked for once; what was not asked for is a fault in the end.
class Fields {
 public:
  explicit Fields(std::vector<json::Member> members) : members_(std::move(members)) {}

  // nullptr when there is nothing to look at: it is absent, null, or stands there twice.
  const json::Member* find(std::string_view name, bool is_required) {
    asked_for_.push_back(name);
    const auto has_name = [name](const json::Member& member) { return member.name == name; };
    const auto member = std::find_if(members_.begin(), members_.end(), has_name);
    if (member == members_.end()) {
      if (is_required) fault(name, "field required", "value_error.missing");
      return nullptr;
    }
    if (std::find_if(std::next(member), members_.end(), has_name) != members_.end())
      return fault(name, "this key is given more than once", "value_error.duplicate"), nullptr;
    if (!std::holds_alternative<Null>(member->value)) return &*member;
    if (is_required) fault(name, "none is not an allowed value", "type_error.none.not_allowed");
    return nullptr;
  }

  void fault(std::string_view name, std::string message, std::string_view type,
             std::optional<std::int64_t> limit = {}) {
    is_missing_ |= type == "value_error.missing";
    faults_.push_back({"body", std::string(name), std::move(message), type, limit});
  }

  // After all fields were asked for.
  std::optional<Answer> answer() {
    for (const auto& member : members_)
      if (std::find(asked_for_.begin(), asked_for_.end(), member.name) == asked_for_.end())
        fault(member.name, "extra fields not permitted", "value_error.extra");
    if (faults_.empty()) return std::nullopt;
    auto answer = parameters_answer(faults_);
    if (is_missing_) answer.status = 422;
    return answer;
  }

 private:
  std::vector<json::Member> members_;
  std::vector<std::string_view> asked_for_;
  Faults faults_;
  bool is_missing_ = false;
};

std::string name_in(Fields& fields) {
  const auto* member = fields.find("name", true);
  if (member == nullptr) return {};
  const auto* text = std::get_if<std::string_view>(&member->value);
  if (text == nullptr) return fields.fault("name", "str type expected", "type_error.str"), std::string();
  const auto fault = check_key_name(*text);
  if (!fault) return std::string(*text);
  constexpr auto longest = static_cast<std::int64_t>(max_key_name_length);
  switch (*fault) {
    case KeyNameFault::empty:
      fields.fault("name", "ensure this value has at least 1 characters", "value_error.any_str.min_length", 1);
      break;
    case KeyNameFault::too_long:
      fields.fault("name", "ensure this value has at most " + std::to_string(longest) + " characters",
                   "value_error.any_str.max_length", longest);
      break;
    case KeyNameFault::not_text:
      fields.fault("name", "a key's name is UTF-8 and has no control characters", "value_error.key_name");
      break;
  }
  return {};
}

Scopes scopes_in(Fields& fields) {
  const auto* member = fields.find("scopes", true);
  Scopes scopes;
  if (member == nullptr) return scopes;
  if (!member->is_list) return fields.fault("scopes", "value is not a valid list", "type_error.list"), scopes;
  if (member->items.empty())
    fields.fault("scopes", "ensure this value has at least 1 items", "value_error.list.min_items", 1);
  for (const auto& item : member->items) {
    const auto* name = std::get_if<std::string_view>(&item);
    const auto scope = name == nullptr ? std::nullopt : parse_scope(*name);
    if (!scope) {
      fields.fault("scopes", "value is not a valid enumeration member; permitted: 'ingest', 'read', 'admin'",
                   "type_error.enum");
      break;
    }
    scopes.add(*scope);
  }
  return scopes;
}

std::optional<Timestamp> expiry_in(Fields& fields, Timestamp now) {
  const auto* member = fields.find("expires_at", false);
  if (member == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string_view>(&member->value);
  const auto expires = text == nullptr ? std::nullopt : parse_timestamp(*text);
  if (!expires)
    fields.fault("expires_at", "invalid datetime format", "value_error.datetime");
  else if (*expires <= now)
    fields.fault("expires_at", "ensure this time is still to come", "value_error.datetime.past");
  return expires;
}

std::chrono::seconds grace_in(Fields& fields) {
  const auto* member = fields.find("grace_seconds", false);
  if (member == nullptr) return default_grace;
  constexpr auto longest = max_grace.count();
  const auto* integer = std::get_if<std::int64_t>(&member->value);
  if (integer == nullptr)
    fields.fault("grace_seconds", "value is not a valid integer", "type_error.integer");
  else if (*integer < 0)
    fields.fault("grace_seconds", "ensure this value is greater than or equal to 0", "value_error.number.not_ge", 0);
  else if (*integer > longest)
    fields.fault("grace_seconds", "ensure this value is less than or equal to " + std::to_string(longest),
                 "value_error.number.not_le", longest);
  else
    return std::chrono::seconds(*integer);
  return {};
}

}  // namespace

Result<keys::KeyRequest, Answer> parse_key_request(json::ObjectReader& reader, std::string_view body, Timestamp now) {
  auto members = reader.read(body);
  if (!members) return Failure{read_error_answer(members.error())};
  Fields fields(std::move(*members));
  keys::KeyRequest request{.name = name_in(fields), .scopes = scopes_in(fields), .expires = expiry_in(fields, now)};
  if (auto answer = fields.answer()) return Failure{std::move(*answer)};
  return request;
}

Result<std::chrono::seconds, Answer> parse_rotation(json::ObjectReader& reader, std::string_view body) {
  if (body.empty()) return default_grace;
  auto members = reader.read(body);
  if (!members) return Failure{read_error_answer(members.error())};
  Fields fields(std::move(*members));
  const auto grace = grace_in(fields);
  if (auto answer = fields.answer()) return Failure{std::move(*answer)};
  return grace;
}

std::optional<KeyId> parse_key_id(std::string_view text) {
  KeyId id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id < 1) return std::nullopt;
  return id;
}

}  // namespace ubiety::http
