#include "http/message/body_fields.hpp"

#include <algorithm>
#include <iterator>
#include <variant>

namespace ubiety::http {

const json::Member* BodyFields::find(std::string_view name, bool is_required) {
  known_.push_back(name);
  const auto has_name = [name](const json::Member& member) { return member.name == name; };
  const auto member = std::find_if(members_.begin(), members_.end(), has_name);
  if (member == members_.end()) {
    if (is_required) fault(name, pydantic::missing());
    return nullptr;
  }
  if (std::find_if(std::next(member), members_.end(), has_name) != members_.end())
    return fault(name, pydantic::repeated_key()), nullptr;
  if (!std::holds_alternative<Null>(member->value)) return &*member;
  if (is_required) fault(name, pydantic::null());
  return nullptr;
}

void BodyFields::fault(std::string_view name, ValidationMessage message) {
  is_missing_ |= message.type == pydantic::missing().type;
  faults_.push_back({"body", std::string(name), std::move(message)});
}

std::optional<Answer> BodyFields::answer() {
  for (const auto& member : members_)
    if (std::find(known_.begin(), known_.end(), member.name) == known_.end())
      fault(member.name, pydantic::extra_field());
  if (faults_.empty()) return std::nullopt;
  auto answer = parameters_answer(faults_);
  if (is_missing_) answer.status = 422;
  return answer;
}

}  // namespace ubiety::http
