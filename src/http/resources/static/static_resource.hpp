// GET /openapi.json, /docs, /redoc and the files of the two pages: what is in the binary. The loop's thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "http/http1/exchange.hpp"
#include "http/resources/static/static_file.hpp"

namespace ubiety::http {

class StaticResource {
 public:
  // Of the path of the exchange; 404 when no file has it.
  void get(Exchange&& exchange);

 private:
  // For clients that take no gzip: inflated once, and kept.
  std::shared_ptr<const std::string> inflated(const StaticFile& file);

  std::map<const StaticFile*, std::shared_ptr<const std::string>> inflated_;
};

}  // namespace ubiety::http
