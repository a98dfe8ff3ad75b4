// Bytes as hexadecimal digits, two a byte, in small letters. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ubiety {

void append_hexadecimal(std::string& out, std::string_view bytes);

std::string to_hexadecimal(std::string_view bytes);

// nullopt for anything that to_hexadecimal does not write.
std::optional<std::string> from_hexadecimal(std::string_view digits);

}  // namespace ubiety
