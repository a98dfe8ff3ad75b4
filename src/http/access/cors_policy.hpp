// Cross-origin resource sharing: which other origins' pages may call the service, by the Fetch standard
// (https://fetch.spec.whatwg.org/#http-cors-protocol). The loop's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/http1/exchange.hpp"

namespace ubiety::http {

class CorsPolicy {
 public:
  // Origins as browsers send them: "https://dashboard.example". A single "*" allows every page, without credentials.
  explicit CorsPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // Adds the fields for the request's origin, and Vary, so that caches know that the answer depends on it.
  void mark(Exchange& exchange) const;

  // The answer to a preflight, which a browser sends before the request itself; nullopt for any other request. For an
  // origin that may not call, the answer grants nothing. mark() adds to it as to all answers.
  std::optional<Answer> preflight_answer(const Exchange& exchange) const;

 private:
  bool is_configured() const { return !origins_.empty(); }
  bool allows_all() const;
  bool allows(std::string_view origin) const;

  const std::vector<std::string> origins_;
};

}  // namespace ubiety::http
