// Why a text cannot be read. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace ubiety::json {

struct ReadError {
  enum class Kind {
    empty,
    not_json,
    trailing_text,  // something follows the document
    not_an_object,
    not_an_array,
  } kind;
  std::string message{};                  // of not_json: for a person
  std::optional<std::size_t> position{};  // of not_json and trailing_text: how many characters stand before the fault
};

}  // namespace ubiety::json
