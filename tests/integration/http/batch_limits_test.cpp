// POST /status/batch: what is too large, in the wrong form, or comes when nothing can be stored.
#include <gtest/gtest.h>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/gunzip.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

constexpr std::size_t most_bytes = 2 * 1024 * 1024;  // MAX_BATCH_BYTES
constexpr int most_updates = 10'000;                 // MAX_BATCH_UPDATES

const Headers ndjson{{"Content-Type", "application/x-ndjson"}};
const Headers compressed{{"Content-Type", "application/x-ndjson"}, {"Content-Encoding", "gzip"}};

class BatchLimits : public ServiceTest {
 protected:
  HttpResponse post(const Headers& headers, std::string_view body) {
    return client_.request("POST", "/status/batch", headers, body);
  }
  void expect_refusal(const HttpResponse& response, int status) {
    EXPECT_EQ(response.status, status);
    EXPECT_FALSE(Json(response.body)["detail"].text().empty());
  }
  bool knows(const std::string& device) { return HttpClient(service_.port()).get("/status/" + device).status == 200; }

  static std::string padded(const std::string& device, std::size_t size) {
    const auto report = Report{.device_id = device}.json();
    return report + std::string(size - report.size(), ' ');
  }
};

TEST_F(BatchLimits, allow_the_most_updates_and_not_one_more) {
  const auto first = fresh_device("most"), last = fresh_device("most"), beyond = fresh_device("most");
  std::vector<std::string> reports(most_updates, Report{.device_id = first}.json());
  reports.back() = Report{.device_id = last}.json();
  const auto response = post(ndjson, ndjson_of(reports));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(Json(response.body)["accepted"].integer(), most_updates);
  EXPECT_TRUE(knows(last));

  reports.front() = Report{.device_id = beyond}.json();
  reports.push_back(reports.front());
  for (const auto& [headers, body] : {std::pair{ndjson, ndjson_of(reports)}, {Headers{}, array_of(reports)}}) {
    expect_refusal(post(headers, body), 413);
    EXPECT_FALSE(knows(beyond));
  }
}

TEST_F(BatchLimits, allow_the_largest_body_and_not_a_byte_more) {
  EXPECT_EQ(post(ndjson, padded(fresh_device(), most_bytes)).status, 200);
  const auto device = fresh_device();
  expect_refusal(post(ndjson, padded(device, most_bytes + 1)), 413);
  EXPECT_FALSE(knows(device));
}

TEST_F(BatchLimits, hold_for_what_is_inflated) {
  EXPECT_EQ(post(compressed, gzip(padded(fresh_device(), most_bytes))).status, 200);
  const auto device = fresh_device();
  expect_refusal(post(compressed, gzip(padded(device, most_bytes + 1))), 413);
  expect_refusal(post(compressed, gzip(std::string(500'000'000, ' '))), 413);
  EXPECT_FALSE(knows(device));
}

TEST_F(BatchLimits, are_not_those_of_a_single_report) {
  expect_refusal(client_.post("/status", padded(fresh_device(), most_bytes)), 413);
}

TEST_F(BatchLimits, hold_where_they_are_set) {
  ServiceProcess service({{"MAX_BATCH_UPDATES", "2"}, {"MAX_BATCH_BYTES", "1024"}});
  service.start();
  HttpClient client(service.port());
  const auto report = Report{.device_id = "a"}.json();
  EXPECT_EQ(post_batch(client, ndjson_of({report, report})).status, 200);
  EXPECT_EQ(post_batch(client, ndjson_of({report, report, report})).status, 413);
  EXPECT_EQ(post_batch(client, report + std::string(1025 - report.size(), ' ')).status, 413);
  EXPECT_EQ(service.terminate(), 0);
}

TEST_F(BatchLimits, refuse_other_media_types) {
  for (const char* type : {"text/plain", "application/x-ndjsons", "application/octet-stream", "text/json"})
    expect_refusal(post({{"Content-Type", type}}, "[]"), 415);
  for (const char* type :
       {"application/ndjson", "application/jsonl", "application/x-jsonlines", "application/json-lines"})
    EXPECT_EQ(post({{"Content-Type", type}}, Report{.device_id = fresh_device()}.json()).status, 200) << type;
}

TEST_F(BatchLimits, refuse_other_content_codings) {
  for (const char* coding : {"br", "deflate", "gzip, gzip"}) {
    const auto response = post({{"Content-Encoding", coding}}, "[]");
    expect_refusal(response, 415);
    EXPECT_EQ(response.header("Accept-Encoding"), "gzip");
  }
}

TEST_F(BatchLimits, refuse_gzip_that_is_none_or_damaged) {
  const auto device = fresh_device();
  const auto good = gzip(Report{.device_id = device}.json());
  for (const auto& body : {std::string("{}"), std::string(), good.substr(0, good.size() - 1), good + "x"})
    expect_refusal(post(compressed, body), 400);
  EXPECT_FALSE(knows(device));
}

// The database is at an address where nobody answers.
TEST(BatchWithoutStore, is_a_503) {
  const FreePort nobody;
  ServiceProcess service(
      {{"DATABASE_URL", "postgresql://nobody@127.0.0.1:" + std::to_string(nobody.number()) + "/none"}});
  service.start_unready();
  HttpClient client(service.port());
  const auto response = post_batch(client, Report{.device_id = "a"}.json());
  EXPECT_EQ(response.status, 503);
  EXPECT_FALSE(response.header("Retry-After").empty());
  EXPECT_EQ(service.terminate(), 0);
}

}  // namespace
}  // namespace ubiety::test
