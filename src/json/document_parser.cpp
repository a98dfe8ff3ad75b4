#include "json/document_parser.hpp"

#include <functional>
#include <utility>

namespace ubiety::json {
namespace {

// The answer to a body full of repeated keys would otherwise be many times the size of the body.
constexpr std::size_t max_repeated_keys = 100;

// Sorted. A large body may have a hundred thousand keys, and hashes sort much faster than texts.
std::vector<std::string> repeated_among(const std::vector<std::string_view>& keys) {
  std::vector<std::pair<std::size_t, std::string_view>> hashed;
  hashed.reserve(keys.size());
  for (const auto key : keys) hashed.emplace_back(std::hash<std::string_view>{}(key), key);
  std::sort(hashed.begin(), hashed.end());

  std::vector<std::string> repeated;
  auto same = hashed.begin();
  while ((same = std::adjacent_find(same, hashed.end())) != hashed.end() && repeated.size() < max_repeated_keys) {
    repeated.emplace_back(same->second);
    same = std::upper_bound(same, hashed.end(), *same);
  }
  std::sort(repeated.begin(), repeated.end());
  return repeated;
}

}  // namespace

FieldValue value_of(simdjson::dom::element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::STRING: return std::string_view(element.get_string().value_unsafe());
    case element_type::INT64: return element.get_int64().value_unsafe();
    // simdjson uses this type only for integers beyond int64.
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

void ReportBuilder::finish() {
  if (unknown_.size() < 2) return;
  const auto repeated = repeated_among(unknown_);
  report_.repeated_keys.insert(report_.repeated_keys.end(), repeated.begin(), repeated.end());
}

}  // namespace ubiety::json
