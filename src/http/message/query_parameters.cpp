#include "http/message/query_parameters.hpp"

#include <algorithm>

#include "domain/text/utf8.hpp"
#include "http/message/percent_encoding.hpp"

namespace ubiety::http {
namespace {

std::optional<std::string> decode(std::string_view text) {
  std::string with_spaces(text);
  std::replace(with_spaces.begin(), with_spaces.end(), '+', ' ');
  return percent_decode(with_spaces);
}

}  // namespace

Result<QueryParameters, ParameterFault> QueryParameters::parse(std::string_view query) {
  QueryParameters result;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode(pair.substr(0, equals));
    auto value = decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value)
      // A name that is no UTF-8 cannot stand in the answer's JSON.
      return Failure{ParameterFault{"query", name && count_characters(*name) ? *name : "", "invalid percent-encoding",
                                    "value_error.url"}};
    result.parameters_.emplace_back(std::move(*name), std::move(*value));
  }
  return result;
}

Result<std::optional<std::string_view>, ParameterFault> QueryParameters::find(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : parameters_) {
    if (key != name) continue;
    if (found)
      return Failure{ParameterFault{"query", std::string(name), "this parameter is given more than once",
                                    "value_error.duplicate"}};
    found = value;
  }
  return found;
}

}  // namespace ubiety::http
