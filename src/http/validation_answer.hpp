// Faults of a request in the shape that FastAPI 0.92 with pydantic 1.10 gives them:
// {"detail":[{"loc":[…],"msg":"…","type":"…","ctx":{…}}]}. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/report.hpp"
#include "http/answer.hpp"
#include "json/report_reader.hpp"

namespace ubiety::http {

// 422 when a required field is missing, else 400.
Answer faults_answer(const Faults& faults);

Answer read_error_answer(const json::ReadError& error);

// 400 for a part of the target: `place` is "path" or "query", `name` the parameter. `limit`, where there is one, is the
// context's limit_value.
Answer parameter_answer(std::string_view place, std::string_view name, std::string_view message, std::string_view type,
                        std::optional<std::int64_t> limit = std::nullopt);

}  // namespace ubiety::http
