// The opaque cursor of a history's next page: the last record of the page before, in 40 hexadecimal digits.
// docs/FORMATS.md describes it. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/store.hpp"

namespace ubiety::http {

std::string encode_cursor(const HistoryPosition& position);

// nullopt for anything that encode_cursor did not write.
std::optional<HistoryPosition> decode_cursor(std::string_view text);

}  // namespace ubiety::http
