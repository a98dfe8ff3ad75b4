// Any text is encoded so that it is decoded to itself; what is decoded is no longer than it was.
#include "http/message/query.hpp"

#include "fuzzing.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto encoded = http::percent_encode(text);
  fuzz::require(encoded.find_first_of(std::string_view("/?#&=+ \r\n\0", 10)) == std::string::npos,
                "what is encoded stays in its place in a target");
  fuzz::require(http::percent_decode(encoded) == text, "what is encoded is decoded to itself");
  if (const auto decoded = http::percent_decode(text)) {
    fuzz::require(decoded->size() <= text.size(), "what is decoded is no longer");
    fuzz::require(http::percent_decode(http::percent_encode(*decoded)) == decoded, "what is decoded can be encoded");
  }
  return 0;
}
