// Reads the parameters of a query one after the other, and gathers what is wrong with them. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/timestamp.hpp"
#include "http/message/query_parameters.hpp"
#include "http/resources/validation_answer.hpp"

namespace ubiety::http {

class ParameterReader {
 public:
  // `parameters` outlives the reader.
  explicit ParameterReader(const QueryParameters& parameters) : parameters_(parameters) {}

  // Each gives nullopt where there is no such parameter, or a fault, which is then among the faults.
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<bool> boolean(std::string_view name);
  // RFC 3339, as in a report; a `+` that arrived as a space is put right.
  std::optional<Timestamp> time(std::string_view name);
  std::optional<std::string_view> text(std::string_view name);

  // What is wrong with a text, by whoever knows what it should be.
  void fault(std::string_view name, std::string_view message, std::string_view type,
             std::optional<std::int64_t> limit = std::nullopt);

  const std::vector<ParameterFault>& faults() const { return faults_; }

 private:
  const QueryParameters& parameters_;
  std::vector<ParameterFault> faults_;
};

}  // namespace ubiety::http
