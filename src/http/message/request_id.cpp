#include "http/message/request_id.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>

#include "domain/text/hexadecimal.hpp"

namespace ubiety::http {
namespace {

constexpr std::size_t longest_request_id = 128;

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

}  // namespace

void append_request_id(std::string& out, std::optional<std::string_view> offered) {
  if (offered && !offered->empty() && offered->size() <= longest_request_id &&
      std::all_of(offered->begin(), offered->end(), is_visible)) {
    out += *offered;
    return;
  }
  static thread_local std::mt19937_64 random{std::random_device{}()};
  const std::array<std::uint64_t, 2> id{random(), random()};
  append_hexadecimal(out, {reinterpret_cast<const char*>(id.data()), sizeof id});
}

}  // namespace ubiety::http
