// Whatever comes as a key, or as a request to make one, is taken or refused, and what is taken is what it should be.
#include "fuzzing.hpp"
#include "http/resources/keys/keys_resource.hpp"
#include "keys/key_text.hpp"

using namespace ubiety;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr Timestamp now{1'764'150'000'000'000};
  const auto text = fuzz::text_of(data, size);

  for (const char digit : keys::checksum_of(text))
    fuzz::require(keys::key_alphabet.find(digit) != std::string_view::npos, "a checksum is of the alphabet");

  static json::ObjectReader reader;
  if (const auto request = http::parse_key_request(reader, text, now)) {
    fuzz::require(!check_key_name(request->name), "a key's name can be shown");
    fuzz::require(!request->scopes.are_none(), "a key is for something");
    fuzz::require(!request->expires || *request->expires > now, "no key is made that has expired");
  }
  if (const auto grace = http::parse_rotation(reader, text))
    fuzz::require(grace->count() >= 0 && *grace <= max_grace, "a grace has its bounds");
  if (const auto id = http::parse_key_id(text))
    fuzz::require(*id > 0 && std::to_string(*id).size() <= text.size(), "an id is a number above 0");
  return 0;
}
