// What a target encodes: percent-encoding (RFC 3986, 2.1), and the parameters in its query. Pure functions, any thread;
// a reader: one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/timestamp.hpp"
#include "http/message/validation_answer.hpp"

namespace ubiety::http {

// Returns nullopt if a `%` is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

// Encodes all but unreserved characters.
std::string percent_encode(std::string_view text);

// Reads the parameters of a query by name, and collects all their faults. Each function returns nullopt if the
// parameter is absent, and if it is faulty.
class QueryReader {
 public:
  // Decodes the encoding of HTML forms: `a=1&b=2`, `+` for a space. If that is malformed, there are no parameters.
  explicit QueryReader(std::string_view query);

  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  // The words of pydantic 1.10, in any case: `true`, `1`, `yes`, `on`, `t`, `y`, and their opposites.
  std::optional<bool> boolean(std::string_view name);
  // The place of the value among these names.
  std::optional<std::size_t> one_of(std::string_view name, std::span<const std::string_view> names);
  // In the formats of a report's timestamp. A `+` that arrived as a space is restored.
  std::optional<Timestamp> time(std::string_view name);
  // A span of time: `90m`, of the units s, m, h and d, or a number of seconds; up to a hundred years.
  std::optional<std::chrono::seconds> duration(std::string_view name);
  std::optional<std::string_view> text(std::string_view name);
  std::optional<std::string_view> utf8_text(std::string_view name);

  // Whether the parameter is given, faulty or not.
  bool has(std::string_view name) const;

  // Adds a fault that the caller found.
  void fault(std::string_view name, ValidationMessage message);

  // The answer that lists the faults: 422 if a parameter is missing, else 400. nullopt without a fault.
  std::optional<Answer> refusal() const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
  std::vector<ParameterFault> faults_;
};

}  // namespace ubiety::http
