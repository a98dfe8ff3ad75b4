// The fields of a body that is a JSON object, for requests that must not have unknown ones. One thread at a time.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message/answer.hpp"
#include "http/message/validation_answer.hpp"
#include "json/reader.hpp"

namespace ubiety::http {

// Collects the faults of one body. Call find() once for each known field: all other fields are faults.
class BodyFields {
 public:
  // The members are of a reader that outlives this.
  explicit BodyFields(std::vector<json::Member> members) : members_(std::move(members)) {}

  // Returns nullptr if the field is absent, null or repeated.
  const json::Member* find(std::string_view name, bool is_required);

  void fault(std::string_view name, ValidationMessage message);

  // Returns nullopt if there is no fault. Call it last.
  std::optional<Answer> answer();

 private:
  std::vector<json::Member> members_;
  std::vector<std::string_view> known_;
  std::vector<ParameterFault> faults_;
  bool is_missing_ = false;
};

}  // namespace ubiety::http
