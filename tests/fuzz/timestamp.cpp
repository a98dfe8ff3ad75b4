// Whatever is read as a time is written as the same time, and so is every time that can be written.
#include "domain/timestamp.hpp"

#include <cstring>

#include "fuzzing.hpp"

using namespace ubiety;

namespace {

void require_round_trip(Timestamp instant) {
  const auto text = format_timestamp(instant);
  fuzz::require(text.size() <= max_timestamp_length, "a time's text has room");
  fuzz::require(parse_timestamp(text) == instant, "a time's text is that time");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto instant = parse_timestamp(fuzz::text_of(data, size))) {
    fuzz::require(*instant >= earliest_timestamp && *instant <= latest_timestamp, "a time can be written");
    require_round_trip(*instant);
  }
  Timestamp any;
  if (size == sizeof any.microseconds) {
    std::memcpy(&any.microseconds, data, size);
    if (any >= earliest_timestamp && any <= latest_timestamp) require_round_trip(any);
  }
  return 0;
}
