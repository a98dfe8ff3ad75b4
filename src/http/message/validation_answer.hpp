// Answers that list the faults of a request, in the shape of FastAPI 0.92 with pydantic 1.10:
// {"detail":[{"loc":[…],"msg":"…","type":"…","ctx":{…}}]}. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/timestamp.hpp"
#include "http/message/answer.hpp"
#include "json/reader.hpp"

namespace ubiety {
struct Fault;  // domain/report.hpp
using Faults = std::vector<Fault>;
}  // namespace ubiety

namespace ubiety::http {

// What is wrong with one value.
struct ValidationMessage {
  std::string text;
  std::string_view type;                                         // a literal
  std::optional<std::variant<std::int64_t, Timestamp>> limit{};  // the context's limit_value
};

// The messages of pydantic 1.10, and ours in its manner where it has none.
namespace pydantic {

ValidationMessage missing();
ValidationMessage null();
ValidationMessage not_a_string();
ValidationMessage not_an_integer();
ValidationMessage not_a_boolean();
ValidationMessage not_a_list();
ValidationMessage not_one_of(std::span<const std::string_view> names);
ValidationMessage below(std::int64_t min);
ValidationMessage above(std::int64_t max);
// Either of these two, or nullopt for a value from `min` to `max`.
std::optional<ValidationMessage> outside(std::int64_t value, std::int64_t min, std::int64_t max);
ValidationMessage too_few_characters(std::int64_t min);
ValidationMessage too_many_characters(std::int64_t max);
ValidationMessage too_few_items(std::int64_t min);
ValidationMessage too_many_items(std::int64_t max);
ValidationMessage bad_time();
ValidationMessage bad_duration();
ValidationMessage extra_field();
ValidationMessage repeated_key();
ValidationMessage repeated_parameter();
ValidationMessage bad_percent_encoding();
ValidationMessage bad_cursor();

}  // namespace pydantic

// A fault of a report's field: 422 if a required field, or the whole report, is missing, else 400.
Answer faults_answer(const Faults& faults);
Answer read_error_answer(const json::ReadError& error);

// Their parts, for an answer to several reports: the status, and the list `[{"loc":…},…]` alone.
int status_of(const Faults& faults);
int status_of(const json::ReadError& error);
void append_detail(std::string& out, const Faults& faults);
void append_detail(std::string& out, const json::ReadError& error);

// A fault of a parameter, or of a field that is not a report's.
struct ParameterFault {
  std::string_view place;  // "path", "query" or "body"
  std::string name;
  ValidationMessage message;
};

// 400, with all of the faults.
Answer parameters_answer(const std::vector<ParameterFault>& faults);

}  // namespace ubiety::http
