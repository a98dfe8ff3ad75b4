#include "support/history_of.hpp"

#include "support/json.hpp"
#include "support/report.hpp"

namespace ubiety::test {

std::vector<std::string> history_of(HttpClient& client, const std::string& device) {
  std::vector<std::string> records;
  const auto path = "/status/" + percent_encode(device) + "/history";
  std::string query = "?limit=1000";
  while (!query.empty()) {
    const auto response = client.get(path + query);
    if (response.status == 404) break;
    if (response.status != 200) throw HttpError("history: " + response.body);
    for (const auto& record : Json(response.body)["history"].elements()) records.push_back(record.dump());
    const auto link = response.header("Link");
    query = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  return records;
}

std::string latest_of(HttpClient& client, const std::string& device) {
  const auto response = client.get("/status/" + percent_encode(device));
  if (response.status == 404) return {};
  if (response.status != 200) throw HttpError("latest: " + response.body);
  const Json latest(response.body);
  return Report{.device_id = device,
                .timestamp = latest["timestamp"].text(),
                .battery_level = static_cast<int>(latest["battery_level"].integer()),
                .rssi = static_cast<int>(latest["rssi"].integer()),
                .online = latest["online"].boolean()}
      .history_record();
}

}  // namespace ubiety::test
