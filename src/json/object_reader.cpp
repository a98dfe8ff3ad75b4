#include "json/object_reader.hpp"

namespace ubiety::json {

Result<std::vector<Member>, ReadError> ObjectReader::read(std::string_view text) {
  if (text.empty()) return Failure{ReadError{ReadError::Kind::empty, {}}};
  const auto document = parser_.parse(text);
  if (!document) return Failure{document.error()};
  simdjson::dom::object object;
  if (document->get(object)) return Failure{ReadError{ReadError::Kind::not_an_object, {}}};

  std::vector<Member> members;
  for (const auto& [name, element] : object) {
    Member member{name, value_of(element), false, {}};
    simdjson::dom::array list;
    if (!element.get(list)) {
      member.is_list = true;
      for (const auto item : list) member.items.push_back(value_of(item));
    }
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace ubiety::json
