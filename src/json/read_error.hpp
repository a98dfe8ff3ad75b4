// Why a text is not the JSON that was to be read.
#pragma once

#include <string>

namespace ubiety::json {

struct ReadError {
  enum class Kind { empty, not_json, not_an_object, not_an_array } kind;
  std::string message;  // of not_json: for a person
};

}  // namespace ubiety::json
