// Why no updates are taken in, whether one or a batch of them. The loop's thread.
#pragma once

#include <optional>

#include "actors/admission.hpp"
#include "http/message/answer.hpp"
#include "http/service.hpp"

namespace ubiety::http {

// nullopt when updates can be taken.
std::optional<Answer> not_taking_updates_answer(const Service& service);

// For who was not admitted.
Answer overload_answer(Limit limit);

}  // namespace ubiety::http
