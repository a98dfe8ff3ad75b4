// The query of a target, decoded. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/result.hpp"
#include "http/resources/validation_answer.hpp"

namespace ubiety::http {

class QueryParameters {
 public:
  // As HTML forms encode it: `a=1&b=2`, `+` for a space. The error is a percent-encoding that is none.
  static Result<QueryParameters, ParameterFault> parse(std::string_view query);

  // The value, or nullopt without such a parameter. The error is that it is given twice.
  Result<std::optional<std::string_view>, ParameterFault> find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace ubiety::http
