// The files that are served as they are: the OpenAPI document, and the pages that show it. They are in the binary,
// gzipped; cmake/EmbedFiles.cmake puts them there. Constants, any thread.
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

// nullptr when there is none.
const StaticFile* static_file_at(std::string_view path);

}  // namespace ubiety::http
