// Why a text cannot be read. A plain value, any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace ubiety::json {

struct ReadError {
  enum class Kind {
    empty,
    not_json,
    trailing_text,  // after the document
    not_an_object,
    not_an_array,
  } kind;
  std::string message{};                  // of not_json: for a person
  std::optional<std::size_t> position{};  // of not_json and trailing_text: the number of characters before the fault
};

}  // namespace ubiety::json
