// Reads the parameters of a query one after the other, and collects their faults. One thread.
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

  // Each returns nullopt when there is no such parameter, and when it is faulty: its fault is then among faults().
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  // The words that pydantic 1.10 takes, in any case: `true`, `1`, `yes`, `on`, `t`, `y`, and their opposites.
  std::optional<bool> boolean(std::string_view name);
  // As in a report; a `+` that arrived as a space is put right.
  std::optional<Timestamp> time(std::string_view name);
  std::optional<std::string_view> text(std::string_view name);
  std::optional<std::string_view> utf8_text(std::string_view name);

  // What is wrong with a text, by whoever knows what it should be.
  void fault(std::string_view name, std::string_view message, std::string_view type,
             std::optional<std::int64_t> limit = std::nullopt);

  const std::vector<ParameterFault>& faults() const { return faults_; }

 private:
  const QueryParameters& parameters_;
  std::vector<ParameterFault> faults_;
};

}  // namespace ubiety::http
