#include <gtest/gtest.h>

#include <algorithm>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class HistoryPaging : public EachStore {
 protected:
  // The target behind rel="next" in the answer to `target`; empty if there is none.
  static std::string next_of(const std::string& target, const HttpResponse& response) {
    const auto link = response.header("Link");
    if (link.empty()) return {};
    const auto end = link.find('>');
    EXPECT_EQ(link.front(), '<') << link;
    EXPECT_EQ(link.substr(std::min(end, link.size())), ">; rel=\"next\"") << link;
    const auto reference = link.substr(1, end - 1);
    EXPECT_NE(reference.find("cursor="), std::string::npos) << link;
    EXPECT_EQ(reference.front(), '?') << "it has to hold behind a proxy that adds a path";
    return target.substr(0, target.find('?')) + reference;
  }

  // Follows the links from `target` to the end and gives all records.
  std::vector<std::string> walk(std::string target) {
    std::vector<std::string> records;
    for (int pages = 0; !target.empty() && pages < 200; ++pages) {
      const auto response = client_.get(target);
      EXPECT_EQ(response.status, 200) << target << '\n' << response.body;
      if (response.status != 200) break;
      const Json page(response.body);
      for (const auto& record : page["history"].elements()) records.push_back(record.dump());
      EXPECT_EQ(page["has_more"].boolean(), response.count("Link") == 1) << target;
      EXPECT_TRUE(!page["has_more"].boolean() || page["history"].size() > 0) << target;
      target = next_of(target, response);
    }
    return records;
  }

  // Sends them in this order and gives what the history must be: by time, within one time the last received first.
  std::vector<std::string> send(const std::vector<Report>& reports) {
    std::string together;
    for (const auto& report : reports) together += format_request("a", "POST", "/status", {}, report.json());
    client_.send_raw(together);
    for (std::size_t i = 0; i < reports.size(); ++i) EXPECT_EQ(client_.read_response().status, 200);
    std::vector<Report> sorted(reports.rbegin(), reports.rend());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Report& left, const Report& right) { return left.timestamp > right.timestamp; });
    std::vector<std::string> records;
    for (const auto& report : sorted) records.push_back(report.history_record());
    return records;
  }

  // Sixty reports of three timestamps.
  static std::vector<Report> crowded(const std::string& device) {
    std::vector<Report> reports;
    for (int i = 0; i < 60; ++i)
      reports.push_back({.device_id = device,
                         .timestamp = "2025-06-09T14:00:0" + std::to_string(i * 5 % 3) + "Z",
                         .battery_level = i * 37 % 101,
                         .rssi = -i,
                         .online = i % 2 == 0});
    return reports;
  }
};

TEST_P(HistoryPaging, neither_skips_nor_doubles_whatever_the_limit) {
  const auto device = fresh_device("pages");
  const auto expected = send(crowded(device));
  for (int limit : {1, 2, 7, 20, 21, 59, 60, 61, 1000}) {
    SCOPED_TRACE(limit);
    EXPECT_EQ(walk("/status/" + device + "/history?limit=" + std::to_string(limit)), expected);
  }
}

TEST_P(HistoryPaging, keeps_to_since_and_before) {
  const auto device = fresh_device("pages");
  auto expected = send(crowded(device));
  std::erase_if(expected, [](const auto& record) { return record.find("14:00:01Z") == std::string::npos; });
  EXPECT_EQ(
      walk("/status/" + device + "/history?limit=3&since=2025-06-09T14:00:00Z&before=2025-06-09T14:00:02%2B00:00"),
      expected);
}

TEST_P(HistoryPaging, works_for_a_device_whose_name_needs_escapes) {
  const auto device = fresh_device("pa/ge s\"<>%41,;&cursor=#\xC3\xA9");
  const auto expected = send(crowded(device));
  EXPECT_EQ(walk("/status/" + percent_encode(device) + "/history?limit=25"), expected);
}

TEST_P(HistoryPaging, is_not_disturbed_by_newer_and_late_reports) {
  const auto device = fresh_device("pages");
  const auto expected = send(crowded(device));
  const auto target = "/status/" + device + "/history?limit=30";
  const auto first = client_.get(target);
  accept({.device_id = device, .timestamp = "2025-06-09T15:00:00Z"});
  auto records = walk(next_of(target, first));
  EXPECT_EQ(records, std::vector<std::string>(expected.begin() + 30, expected.end()));
}

TEST_P(HistoryPaging, has_the_same_total_records_on_every_page) {
  const auto device = fresh_device("pages");
  send(crowded(device));
  auto target = "/status/" + device + "/history?limit=25&since=2025-06-09T14:00:00Z";
  for (int page = 0; page < 2; ++page) {
    const auto response = client_.get(target);
    EXPECT_EQ(Json(response.body)["total_records"].integer(), 40);
    target = next_of(target, response);
  }
  EXPECT_EQ(target, "");
}

TEST_P(HistoryPaging, gives_a_thousand_at_once) {
  const auto device = fresh_device("pages");
  std::vector<Report> reports;
  for (int i = 0; i < 1003; ++i)
    reports.push_back({.device_id = device,
                       .timestamp = utc_text(std::chrono::system_clock::from_time_t(1'700'000'000 + i)),
                       .battery_level = i % 101});
  const auto expected = send(reports);
  EXPECT_EQ(Json(history(device, "?limit=1000"))["history"].size(), 1000u);
  EXPECT_EQ(walk("/status/" + device + "/history?limit=1000"), expected);
}

TEST_P(HistoryPaging, works_with_before_for_a_client_without_cursors) {
  const auto device = fresh_device("pages");
  std::vector<Report> reports;
  for (int i = 0; i < 10; ++i)
    reports.push_back({.device_id = device, .timestamp = "2025-06-09T14:00:0" + std::to_string(i) + "Z"});
  const auto expected = send(reports);
  std::vector<std::string> records;
  std::string query = "?limit=3";
  for (bool has_more = true; has_more;) {
    const Json page(history(device, query));
    for (const auto& record : page["history"].elements()) records.push_back(record.dump());
    has_more = page["has_more"].boolean();
    query = "?limit=3&before=" + Json(records.back())["timestamp"].text();
  }
  EXPECT_EQ(records, expected);
}

UBIETY_WITH_EACH_STORE(HistoryPaging);

}  // namespace
}  // namespace ubiety::test
