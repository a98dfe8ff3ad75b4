#include "json/report_reader.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace ubiety::json {
namespace {

// More are not told: a body of nothing but repeated keys would have an answer many times its size.
constexpr std::size_t most_repeated_keys = 100;

// In their order. Hashes are sorted much faster than texts, of which a large body may have a hundred thousand.
std::vector<std::string> repeated_among(const std::vector<std::string_view>& keys) {
  std::vector<std::pair<std::size_t, std::string_view>> hashed;
  hashed.reserve(keys.size());
  for (const auto key : keys) hashed.emplace_back(std::hash<std::string_view>{}(key), key);
  std::sort(hashed.begin(), hashed.end());

  std::vector<std::string> repeated;
  auto same = hashed.begin();
  while ((same = std::adjacent_find(same, hashed.end())) != hashed.end() && repeated.size() < most_repeated_keys) {
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
    // Only integers beyond int64 have this type.
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
  if (value.get(object)) return Failure{ReadError{ReadError::Kind::not_an_object, {}}};

  Report report;
  std::size_t known = 0, known_again = 0;  // a bit for each field
  std::vector<std::string_view> unknown;
  for (const auto& [key, element] : object) {
    const auto name = std::find(field_names.begin(), field_names.end(), std::string_view(key));
    if (name == field_names.end()) {
      unknown.emplace_back(key);
      continue;
    }
    const auto field = static_cast<std::size_t>(name - field_names.begin());
    const auto bit = std::size_t{1} << field;
    if ((known & bit) != 0 && (known_again & bit) == 0) report.repeated_keys.emplace_back(key);
    known_again |= known & bit;
    known |= bit;
    report.fields[field] = value_of(element);
  }
  auto repeated = repeated_among(unknown);
  report.repeated_keys.insert(report.repeated_keys.end(), repeated.begin(), repeated.end());
  return report;
}

Result<Report, ReadError> ReportReader::read(std::string_view text) {
  if (text.empty()) return Failure{ReadError{ReadError::Kind::empty, {}}};
  const auto document = parser_.parse(text);
  if (!document) return Failure{document.error()};
  return report_in(*document);
}

}  // namespace ubiety::json
