// GET /, /device/{id}, /docs, /redoc, the files of these pages, and /openapi.json, all from the binary. The loop's
// thread.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http/http1/exchange.hpp"

namespace ubiety::http {

// A file that cmake/EmbedFiles.cmake puts into the binary, gzipped: the OpenAPI document, or a part of a page.
struct StaticFile {
  std::string_view path;  // "/docs/start.js"
  std::string_view content_type;
  std::string_view gzipped;
  std::string_view digest;  // of the bytes that `gzipped` inflates to
};

std::span<const StaticFile> static_files();

// Returns nullptr if no file has that path.
inline const StaticFile* static_file_at(std::string_view path) {
  for (const auto& file : static_files())
    if (file.path == path) return &file;
  return nullptr;
}

class StaticResource {
 public:
  // Answers with the file at the path of the exchange, 404 if there is none.
  void get(Exchange&& exchange);
  // GET /: the fleet's page for browsers; 404 for a client that does not accept a page.
  void get_dashboard(Exchange&& exchange);
  // The page of a device, whether the device exists or not.
  void get_device_page(Exchange&& exchange);

 private:
  void serve(Exchange&& exchange, const StaticFile& file);
  // For clients that do not accept gzip: inflated once, and kept.
  std::shared_ptr<const std::string> inflated(const StaticFile& file);

  std::map<const StaticFile*, std::shared_ptr<const std::string>> inflated_;
};

}  // namespace ubiety::http
