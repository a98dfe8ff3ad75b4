// The static files: the OpenAPI document, and the pages that show it. cmake/EmbedFiles.cmake puts them into the binary,
// gzipped. Constants, any thread.
#pragma once

#include <span>
#include <string_view>

namespace ubiety::http {

struct StaticFile {
  std::string_view path;  // "/docs/start.js"
  std::string_view content_type;
  std::string_view gzipped;
  std::string_view digest;  // of the bytes that `gzipped` inflates to
};

std::span<const StaticFile> static_files();

// nullptr when no file has that path.
inline const StaticFile* static_file_at(std::string_view path) {
  for (const auto& file : static_files())
    if (file.path == path) return &file;
  return nullptr;
}

}  // namespace ubiety::http
