// What a target encodes: percent-encoding (RFC 3986, 2.1), and the parameters in its query. Pure functions, any thread;
// a reader belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/result.hpp"
#include "domain/timestamp.hpp"
#include "http/message/validation_answer.hpp"

namespace ubiety::http {

// nullopt when a `%` is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

// Encodes all but unreserved characters.
std::string percent_encode(std::string_view text);

class QueryParameters {
 public:
  // Decodes what HTML forms encode: `a=1&b=2`, `+` for a space. The error is a malformed percent-encoding.
  static Result<QueryParameters, ParameterFault> parse(std::string_view query);

  // The value, or nullopt without such a parameter. The error is a parameter that is given twice.
  Result<std::optional<std::string_view>, ParameterFault> find(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

class ParameterReader {
 public:
  // `parameters` outlives the reader.
  explicit ParameterReader(const QueryParameters& parameters) : parameters_(parameters) {}

  // Each returns nullopt without such a parameter, and for a faulty one, whose fault is then among faults().
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  // The words of pydantic 1.10, in any case: `true`, `1`, `yes`, `on`, `t`, `y`, and their opposites.
  std::optional<bool> boolean(std::string_view name);
  // As in a report; a `+` that arrived as a space is restored.
  std::optional<Timestamp> time(std::string_view name);
  std::optional<std::string_view> text(std::string_view name);
  std::optional<std::string_view> utf8_text(std::string_view name);

  // Adds a fault of a parameter that the caller found.
  void fault(std::string_view name, ValidationMessage message);

  const std::vector<ParameterFault>& faults() const { return faults_; }

 private:
  const QueryParameters& parameters_;
  std::vector<ParameterFault> faults_;
};

}  // namespace ubiety::http
