// Why a request is not served now, as an answer. The loop's thread.
#pragma once

#include <optional>

#include "actors/admission.hpp"
#include "actors/readiness.hpp"
#include "http/message/answer.hpp"

namespace ubiety::http {

// Returns nullopt when such a request can be answered.
std::optional<Answer> refusal_of(Activity operation, const Readiness& readiness);

// The answer to updates that exceed a limit of admission: names its setting.
Answer overload_answer(AdmissionLimit limit);

}  // namespace ubiety::http
