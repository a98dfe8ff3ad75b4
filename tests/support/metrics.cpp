#include "support/metrics.hpp"

#include <sstream>

#include "support/http_client.hpp"

namespace ubiety::test {

Metrics scrape(int port) {
  const auto response = HttpClient(port).get("/metrics");
  if (response.status != 200) throw HttpError("/metrics: " + std::to_string(response.status));
  Metrics metrics;
  std::istringstream lines(response.body);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ") || line.starts_with("# TYPE ")) continue;
    const auto space = line.rfind(' ');
    if (space == std::string::npos) throw HttpError("no series: " + line);
    std::size_t read = 0;
    const auto value = std::stod(line.substr(space + 1), &read);
    if (read != line.size() - space - 1) throw HttpError("no number: " + line);
    if (!metrics.emplace(line.substr(0, space), value).second) throw HttpError("twice: " + line);
  }
  return metrics;
}

}  // namespace ubiety::test
