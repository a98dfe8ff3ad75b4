// Writes and reads gzip streams with zlib, which checks length and CRC. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ubiety::test {

// Returns nullopt if the stream is damaged or incomplete, or if bytes follow its end.
std::optional<std::string> gunzip(std::string_view gzip);

std::string gzip(std::string_view text);

}  // namespace ubiety::test
