// What the fuzzers share: how they look at their input and how they say that a property does not hold. One thread.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>

namespace ubiety::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// What stands before the first line end, and what stands after it.
inline std::pair<std::string_view, std::string_view> first_line_of(std::string_view text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return {{}, text};
  return {text.substr(0, end), text.substr(end + 1)};
}

// Ends the fuzzer, which then keeps the input, unless the property holds.
inline void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "PROPERTY: %s\n", property);
  __builtin_trap();
}

inline void require_json(std::string_view text) {
  static simdjson::dom::parser parser;
  require(parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS, "an answer's body is JSON");
}

}  // namespace ubiety::fuzz

// libFuzzer calls it with each input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
