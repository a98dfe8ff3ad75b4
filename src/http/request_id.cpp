#include "http/request_id.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>

namespace ubiety::http {
namespace {

constexpr std::size_t longest_request_id = 128;

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

constexpr std::size_t new_request_id_length = 32;

// Sixteen digits.
char* put_hexadecimal(char* at, std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) *at++ = digits[(value >> shift) & 0xF];
  return at;
}

}  // namespace

void append_request_id(std::string& out, std::optional<std::string_view> offered) {
  if (offered && !offered->empty() && offered->size() <= longest_request_id &&
      std::all_of(offered->begin(), offered->end(), is_visible)) {
    out += *offered;
    return;
  }
  static thread_local std::mt19937_64 random{std::random_device{}()};
  std::array<char, new_request_id_length> id;
  put_hexadecimal(put_hexadecimal(id.data(), random()), random());
  out.append(id.data(), id.size());
}

}  // namespace ubiety::http
