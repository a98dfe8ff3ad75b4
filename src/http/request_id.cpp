#include "http/request_id.hpp"

#include <algorithm>
#include <cstdint>
#include <random>

namespace ubiety::http {
namespace {

constexpr std::size_t longest_request_id = 128;

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

void append_hexadecimal(std::string& out, std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += digits[(value >> shift) & 0xF];
}

}  // namespace

void append_request_id(std::string& out, std::optional<std::string_view> offered) {
  if (offered && !offered->empty() && offered->size() <= longest_request_id &&
      std::all_of(offered->begin(), offered->end(), is_visible)) {
    out += *offered;
    return;
  }
  static thread_local std::mt19937_64 random{std::random_device{}()};
  append_hexadecimal(out, random());
  append_hexadecimal(out, random());
}

}  // namespace ubiety::http
