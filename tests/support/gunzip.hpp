// Gzip streams by zlib's own writer and reader of the format, which compares length and CRC.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ubiety::test {

// nullopt when it is damaged, does not end, or has bytes behind its end.
std::optional<std::string> gunzip(std::string_view gzip);

std::string gzip(std::string_view text);

}  // namespace ubiety::test
