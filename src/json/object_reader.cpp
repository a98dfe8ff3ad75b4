#include "json/object_reader.hpp"

#include "json/document_parser.hpp"
#include "json/second_reader.hpp"

namespace ubiety::json {
namespace {

// Why simdjson refused the text. These requests do not need the JSON that only SecondReader accepts.
ReadError error_of(std::string_view text) {
  SecondReader reader;
  if (const auto read = reader.read_document(text); !read) return read.error();
  return {ReadError::Kind::not_json, "a number beyond 64 bits, an unpaired surrogate or too many levels"};
}

}  // namespace

ObjectReader::ObjectReader() : parser_(std::make_unique<DocumentParser>()) {}
ObjectReader::~ObjectReader() = default;

Result<std::vector<Member>, ReadError> ObjectReader::read(std::string_view text) {
  if (text.empty()) return Failure{ReadError{ReadError::Kind::empty}};
  text = without_byte_order_mark(text);
  const auto document = parser_->parse(text);
  if (!document) return Failure{error_of(text)};
  simdjson::dom::object object;
  if (document->get(object)) return Failure{ReadError{ReadError::Kind::not_an_object}};

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
