// Histories as CSV and NDJSON, on both stores.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <sstream>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/history_of.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

const std::string csv_header = "device_id,timestamp,battery_level,rssi,online,created_at\r\n";

class HistoryLines : public EachStore {
 protected:
  HttpResponse ask(const std::string& query, std::string_view accept, std::string_view method = "GET") {
    return client_.request(method, "/status/" + percent_encode(device_) + "/history" + query,
                           {{"Accept", std::string(accept)}});
  }

  // A report a second, from the first second of a day on.
  void report(int count) {
    std::vector<std::string> reports;
    for (int i = 0; i < count; ++i)
      reports.push_back(Report{.device_id = device_, .timestamp = second(i), .battery_level = i % 101}.json());
    ASSERT_EQ(post_batch(client_, ndjson_of(reports)).status, 200);
  }
  static std::string second(int i) {
    return utc_text(std::chrono::sys_days{std::chrono::year{2025} / 6 / 9} + std::chrono::seconds{i});
  }

  // The records as JSON's pages have them, newest first.
  static std::vector<std::string> records_in(const std::string& ndjson) {
    std::vector<std::string> records;
    std::istringstream lines(ndjson);
    for (std::string line; std::getline(lines, line);) {
      const Json record(line);
      records.push_back(Report{.device_id = {},
                               .timestamp = record["timestamp"].text(),
                               .battery_level = static_cast<int>(record["battery_level"].integer()),
                               .rssi = static_cast<int>(record["rssi"].integer()),
                               .online = record["online"].boolean()}
                            .history_record());
    }
    return records;
  }

  std::string device_ = fresh_device("lined, \"up\"");
};
UBIETY_WITH_EACH_STORE(HistoryLines);

TEST_P(HistoryLines, are_csv_with_a_header_and_the_newest_record_first) {
  report(2);
  const auto response = ask("", "text/csv");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(response.header("Vary"), "Accept");
  EXPECT_EQ(response.count("Link"), 0U);
  auto quoted = device_;
  for (auto at = quoted.find('"'); at != std::string::npos; at = quoted.find('"', at + 2)) quoted.insert(at, 1, '"');
  quoted = '"' + quoted + '"';
  const auto& body = response.body;
  EXPECT_TRUE(body.starts_with(csv_header + quoted + ",2025-06-09T00:00:01Z,1,-60,true,20")) << body;
  EXPECT_NE(body.find("Z\r\n" + quoted + ",2025-06-09T00:00:00Z,0,-60,true,20"), std::string::npos) << body;
  EXPECT_TRUE(body.ends_with("Z\r\n"));
}

TEST_P(HistoryLines, are_all_records_without_a_limit) {
  report(2'345);
  const auto response = ask("", "application/x-ndjson");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(response.header("Transfer-Encoding"), "chunked");
  const auto records = records_in(response.body);
  EXPECT_EQ(records.size(), 2'345U);
  EXPECT_EQ(records, history_of(client_, device_)) << "on the same connection";

  const auto csv = ask("", "text/csv").body;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 2'346);
  EXPECT_EQ(csv.find(csv_header, 1), std::string::npos) << "one header";
}

TEST_P(HistoryLines, are_of_a_span) {
  report(2'000);
  const auto records = records_in(ask("?from=" + second(100) + "&to=" + second(1'700), "application/jsonl").body);
  ASSERT_EQ(records.size(), 1'600U);
  EXPECT_NE(records.front().find(second(1'699)), std::string::npos);
  EXPECT_NE(records.back().find(second(100)), std::string::npos);
  EXPECT_EQ(ask("?since=" + second(5'000), "text/csv").body, csv_header);
}

TEST_P(HistoryLines, are_a_page_with_a_link_within_a_limit) {
  report(5);
  std::string query = "?limit=2";
  std::vector<std::string> records;
  for (int page = 0; page < 3; ++page) {
    const auto response = ask(query, "application/ndjson");
    for (auto& record : records_in(response.body)) records.push_back(record);
    const auto link = response.header("Link");
    ASSERT_EQ(link.empty(), page == 2);
    if (!link.empty()) query = link.substr(1, link.find('>') - 1);
  }
  EXPECT_EQ(records, history_of(client_, device_));
}

TEST_P(HistoryLines, leave_json_to_clients_that_do_not_ask_for_them) {
  report(1);
  for (const auto* accept : {"*/*", "application/json", "text/html, */*;q=0.8", "image/png"})
    EXPECT_EQ(ask("", accept).header("Content-Type"), "application/json") << accept;
  const auto buckets = ask("?from=" + second(0) + "&to=" + second(60) + "&buckets=1", "text/csv");
  EXPECT_EQ(buckets.header("Content-Type"), "application/json");
}

TEST_P(HistoryLines, answer_a_head_without_a_body) {
  report(1'001);
  client_.send_raw(
      format_request("localhost", "HEAD", "/status/" + percent_encode(device_) + "/history", {{"Accept", "text/csv"}}));
  EXPECT_EQ(client_.read_response(true).status, 200);
  EXPECT_EQ(client_.get("/health/live").status, 200) << "on the same connection";
}

TEST_P(HistoryLines, end_with_the_connection_for_HTTP_1_0) {
  report(1'500);
  client_.send_raw("GET /status/" + percent_encode(device_) + "/history HTTP/1.0\r\nAccept: text/csv\r\n\r\n");
  const auto all = client_.read_until_close();
  EXPECT_EQ(all.find("Transfer-Encoding"), std::string::npos);
  EXPECT_EQ(all.find("Content-Length"), std::string::npos);
  const auto body = all.substr(all.find("\r\n\r\n") + 4);
  EXPECT_TRUE(body.starts_with(csv_header));
  EXPECT_EQ(std::count(body.begin(), body.end(), '\n'), 1'501);
}

// The client leaves after some bytes. Its answer ends with it, and a stop waits for none.
TEST_P(HistoryLines, end_when_the_client_leaves) {
  report(3'000);
  {
    HttpClient leaving(service_.port());
    leaving.send_raw(format_request("localhost", "GET", "/status/" + percent_encode(device_) + "/history",
                                    {{"Accept", "text/csv"}}));
  }
  EXPECT_EQ(records_in(ask("", "application/x-ndjson").body).size(), 3'000U);
}

TEST_P(HistoryLines, are_not_found_for_a_device_never_seen) {
  const auto response = client_.request("GET", "/status/nobody/history", {{"Accept", "text/csv"}});
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
}

}  // namespace
}  // namespace ubiety::test
