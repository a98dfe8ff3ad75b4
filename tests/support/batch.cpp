#include "support/batch.hpp"

namespace ubiety::test {

std::string ndjson_of(const std::vector<std::string>& reports) {
  std::string body;
  for (const auto& report : reports) body += report + '\n';
  return body;
}

std::string array_of(const std::vector<std::string>& reports) {
  std::string body = "[";
  for (const auto& report : reports) body.append(body.size() > 1 ? "," : "").append(report);
  return body + "]";
}

HttpResponse post_batch(HttpClient& client, std::string_view lines) {
  return client.request("POST", "/status/batch",
                        {{"Content-Type", "application/x-ndjson"}, {"Prefer", "return=representation"}}, lines);
}

}  // namespace ubiety::test
