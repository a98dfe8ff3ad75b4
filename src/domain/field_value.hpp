// The value of one field of a request, as JSON has it, before any rule has judged the value. Any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace ubiety {

struct Missing {};
struct Null {};
// An object or an array, which no field of a report accepts.
struct Composite {};

// A text is a view into the document that was parsed, and lives no longer than the document.
using FieldValue = std::variant<Missing, Null, bool, std::int64_t, double, std::string_view, Composite>;

}  // namespace ubiety
