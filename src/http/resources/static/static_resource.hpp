// GET /openapi.json, /docs, /redoc and the files of the two pages, all from the binary. The loop's thread.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "http/http1/exchange.hpp"
#include "http/resources/static/static_file.hpp"

namespace ubiety::http {

class StaticResource {
 public:
  // Answers with the file at the path of the exchange, 404 if there is none.
  void get(Exchange&& exchange);
  // GET /: sends browsers to /docs; 404 for a client that does not accept a page.
  void redirect_to_docs(Exchange&& exchange) const;

 private:
  // For clients that do not accept gzip: inflated once, and kept.
  std::shared_ptr<const std::string> inflated(const StaticFile& file);

  std::map<const StaticFile*, std::shared_ptr<const std::string>> inflated_;
};

}  // namespace ubiety::http
