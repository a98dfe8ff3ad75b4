// Which pages of other origins may call the service: cross-origin resource sharing, as the Fetch standard has it
// (https://fetch.spec.whatwg.org/#http-cors-protocol). The loop's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/http1/exchange.hpp"

namespace ubiety::http {

class CorsPolicy {
 public:
  // Origins as browsers send them: "https://dashboard.example". A single "*" lets every page read, without credentials.
  explicit CorsPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // Adds what the answer has to say of it. From then on caches know that it depends on the origin.
  void mark(Exchange& exchange) const;

  // The answer to a preflight, a browser's question before the request itself; nullopt for any other request. It is
  // marked like all others. Who may not call gets an answer without permission.
  std::optional<Answer> preflight_answer(const Exchange& exchange) const;

 private:
  bool is_configured() const { return !origins_.empty(); }
  bool lets_all_read() const;
  bool lets_in(std::string_view origin) const;

  const std::vector<std::string> origins_;
};

}  // namespace ubiety::http
