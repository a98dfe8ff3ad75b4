#include "json/document_parser.hpp"

#include "json/report_builder.hpp"

namespace ubiety::json {

FieldValue value_of(simdjson::dom::element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::STRING: return std::string_view(element.get_string().value_unsafe());
    case element_type::INT64: return element.get_int64().value_unsafe();
    // simdjson gives this type only to integers beyond int64.
    case element_type::UINT64: return static_cast<double>(element.get_uint64().value_unsafe());
    case element_type::DOUBLE: return element.get_double().value_unsafe();
    case element_type::BOOL: return element.get_bool().value_unsafe();
    case element_type::NULL_VALUE: return Null{};
    case element_type::ARRAY:
    case element_type::OBJECT: return Composite{};
  }
  return Composite{};
}

Result<Report, ReadError> report_in(simdjson::dom::element value) {
  simdjson::dom::object object;
  if (value.get(object)) return Failure{ReadError{ReadError::Kind::not_an_object}};
  Report report;
  ReportBuilder builder(report);
  for (const auto& [key, element] : object)
    if (auto* place = builder.place_for(key)) *place = value_of(element);
  builder.finish();
  return report;
}

}  // namespace ubiety::json
