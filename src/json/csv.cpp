#include "json/csv.hpp"

namespace ubiety::json {

// Quotes the text if RFC 4180 (section 2, rules 6 and 7) requires it. No text here has line breaks.
void CsvWriter::append(std::string_view text) {
  if (text.find_first_of(",\"") == std::string_view::npos) {
    out_ += text;
    return;
  }
  out_ += '"';
  for (const char character : text) out_.append(character == '"' ? 2 : 1, character);
  out_ += '"';
}

}  // namespace ubiety::json
