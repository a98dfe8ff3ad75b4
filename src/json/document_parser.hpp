// Parses one JSON text with the padding that simdjson reads beyond its end: what the readers have in common. One
// thread.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "domain/result.hpp"
#include "json/read_error.hpp"

namespace ubiety::json {

class DocumentParser {
 public:
  // The element's texts are views into this parser: valid until the next call.
  Result<simdjson::dom::element, ReadError> parse(std::string_view text) {
    padded_.assign(text);
    padded_.resize(text.size() + simdjson::SIMDJSON_PADDING);
    simdjson::dom::element document;
    if (const auto error = parser_.parse(padded_.data(), text.size(), false).get(document))
      return Failure{ReadError{ReadError::Kind::not_json, simdjson::error_message(error)}};
    return document;
  }

 private:
  simdjson::dom::parser parser_;
  std::string padded_;
};

}  // namespace ubiety::json
