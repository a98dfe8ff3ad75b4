// Faults of a request in the shape that FastAPI 0.92 with pydantic 1.10 gives them:
// {"detail":[{"loc":[…],"msg":"…","type":"…","ctx":{…}}]}. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message/answer.hpp"
#include "json/read_error.hpp"

namespace ubiety {
struct Fault;
using Faults = std::vector<Fault>;
}  // namespace ubiety

namespace ubiety::http {

// 422 when a required field is missing, or the whole report, else 400.
Answer faults_answer(const Faults& faults);
Answer read_error_answer(const json::ReadError& error);

// Their parts, for an answer to several reports: the status, and the list `[{"loc":…},…]` alone.
int status_of(const Faults& faults);
int status_of(const json::ReadError& error);
void append_detail(std::string& out, const Faults& faults);
void append_detail(std::string& out, const json::ReadError& error);

// What is wrong with a part of the target.
struct ParameterFault {
  std::string_view place;  // "path" or "query"
  std::string name;        // the parameter's
  std::string message;
  std::string_view type;
  std::optional<std::int64_t> limit{};  // the context's limit_value, where there is one
};

// 400, with all of the faults.
Answer parameters_answer(const std::vector<ParameterFault>& faults);

}  // namespace ubiety::http
