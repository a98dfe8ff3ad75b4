// Parses one JSON text, with the padding behind it that simdjson wants: what the readers have in common. One thread.
#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace ubiety::json {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// One byte order mark may stand before a document (RFC 8259, 8.1).
inline std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

class DocumentParser {
 public:
  // nullopt when simdjson's DOM refuses the text: SecondReader finds out why. The element's texts are views into this
  // parser: valid until the next call.
  std::optional<simdjson::dom::element> parse(std::string_view text) {
    // From release 3.2 on simdjson skips a byte order mark too, so a second one would pass.
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

}  // namespace ubiety::json
