// Prefer (RFC 7240). Pure, any thread.
#pragma once

#include <optional>
#include <string_view>

namespace ubiety::http {

// Whether `return=representation` is asked for. Of several wishes for `return` the first counts.
bool prefers_representation(std::optional<std::string_view> prefer);

}  // namespace ubiety::http
