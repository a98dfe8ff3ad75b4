// What the readers share: one JSON text parsed by simdjson, and its values as fields. One parser a thread.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

#include "domain/report.hpp"
#include "domain/result.hpp"
#include "json/read_error.hpp"

namespace ubiety::json {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// One byte order mark may precede a document (RFC 8259, 8.1).
inline std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

class DocumentParser {
 public:
  // Adds the padding that simdjson needs after the text. Returns nullopt if simdjson's DOM refuses the text:
  // SecondReader finds out why. The texts of the element are views into this parser, valid until the next call.
  std::optional<simdjson::dom::element> parse(std::string_view text) {
    // simdjson skips a byte order mark too, from release 3.2 on: a second one would pass.
    if (text.starts_with(byte_order_mark)) return std::nullopt;
    padded_.assign(text);
    padded_.resize(text.size() + simdjson::SIMDJSON_PADDING);
    simdjson::dom::element document;
    if (parser_.parse(padded_.data(), text.size(), false).get(document)) return std::nullopt;
    return document;
  }

 private:
  simdjson::dom::parser parser_;
  std::string padded_;
};

// A text is a view into the element's parser.
FieldValue value_of(simdjson::dom::element element);

// The fields of an object; views into its parser.
Result<Report, ReadError> report_in(simdjson::dom::element value);

}  // namespace ubiety::json
