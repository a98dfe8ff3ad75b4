// POST /status/batch: what becomes of the updates, and what is said of them.
#include <gtest/gtest.h>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/gunzip.hpp"
#include "support/history_of.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

std::string at_second(const std::string& device, int second, int battery = 76) {
  return Report{.device_id = device,
                .timestamp = "2025-06-09T14:00:" + std::to_string(10 + second) + "Z",
                .battery_level = battery}
      .json();
}

class Batch : public EachStore {
 protected:
  HttpResponse post(std::string_view body, Headers headers) {
    return client_.request("POST", "/status/batch", headers, body);
  }
  HttpResponse post_lines(const std::vector<std::string>& reports) { return post_batch(client_, ndjson_of(reports)); }
};

TEST_P(Batch, stores_lines_and_answers_them_in_order) {
  const auto device = fresh_device(), other = fresh_device();
  const auto response = post_lines({at_second(device, 5), at_second(other, 1), at_second(device, 5),
                                    at_second(device, 4), body_without("rssi"), at_second(device, 6)});
  EXPECT_EQ(response.status, 207);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.header("Preference-Applied"), "return=representation");
  EXPECT_EQ(response.body, R"({"accepted":5,"late":1,"duplicate":1,"rejected":1,"errors":[{"index":4,"detail":[)"
                           R"({"loc":["body","rssi"],"msg":"field required","type":"value_error.missing"}]}],)"
                           R"("results":["stored","stored","duplicate","late","rejected","stored"]})");
  EXPECT_EQ(Json(latest(device))["timestamp"].text(), "2025-06-09T14:00:16Z");
  EXPECT_EQ(Json(latest(other))["timestamp"].text(), "2025-06-09T14:00:11Z");
  EXPECT_EQ(Json(history(device))["total_records"].integer(), 3);
}

TEST_P(Batch, may_be_an_array_just_as_well) {
  const auto device = fresh_device();
  const auto response =
      post(array_of({at_second(device, 5), "null", at_second(device, 4)}), {{"Content-Type", "application/json"}});
  EXPECT_EQ(response.status, 207);
  EXPECT_EQ(response.count("Preference-Applied"), 0u);
  EXPECT_EQ(response.body, R"({"accepted":2,"late":1,"duplicate":0,"rejected":1,"errors":[{"index":1,"detail":[)"
                           R"({"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]}]})");
  EXPECT_EQ(Json(history(device))["total_records"].integer(), 2);
}

TEST_P(Batch, is_an_array_without_a_content_type) {
  EXPECT_EQ(post(array_of({at_second(fresh_device(), 1)}), {}).status, 200);
}

TEST_P(Batch, is_a_200_when_all_are_accepted) {
  const auto device = fresh_device();
  for (int time = 0; time < 2; ++time) {
    const auto response = post_lines({at_second(device, 1), at_second(device, 2)});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, time == 0 ? R"({"accepted":2,"late":0,"duplicate":0,"rejected":0,"errors":[],)"
                                         R"("results":["stored","stored"]})"
                                       : R"({"accepted":2,"late":0,"duplicate":2,"rejected":0,"errors":[],)"
                                         R"("results":["duplicate","duplicate"]})");
  }
}

TEST_P(Batch, may_be_compressed_in_either_form) {
  const auto device = fresh_device();
  const std::vector<std::string> reports{at_second(device, 1), at_second(device, 2)};
  for (const auto* coding : {"gzip", "x-gzip"}) {
    EXPECT_EQ(
        post(gzip(ndjson_of(reports)), {{"Content-Type", "application/x-ndjson"}, {"Content-Encoding", coding}}).status,
        200);
    EXPECT_EQ(post(gzip(array_of(reports)), {{"Content-Encoding", coding}}).status, 200);
  }
  EXPECT_EQ(Json(history(device))["total_records"].integer(), 2);
}

TEST_P(Batch, may_have_a_thousand_updates_of_many_devices) {
  const auto name = fresh_device("many");
  std::vector<std::string> reports;
  for (int i = 0; i < 1000; ++i) reports.push_back(at_second(name + "-" + std::to_string(i % 250), i / 250, i % 101));
  const auto response = post_lines(reports);
  EXPECT_EQ(response.status, 200);
  const Json answer(response.body);
  EXPECT_EQ(answer["accepted"].integer(), 1000);
  EXPECT_EQ(answer["results"].size(), 1000u);
  for (const auto& result : answer["results"].elements()) EXPECT_EQ(result.text(), "stored");
  for (const int device : {0, 100, 249}) {
    const auto records = history_of(client_, name + "-" + std::to_string(device));
    ASSERT_EQ(records.size(), 4u);
    EXPECT_EQ(Json(records[0])["battery_level"].integer(), (750 + device) % 101);
  }
}

TEST_P(Batch, may_come_in_chunks) {
  const auto body = array_of({at_second(fresh_device(), 1)});
  client_.send_raw("POST /status/batch HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n" +
                   body.substr(0, 1) + "\r\n" + "50\r\n" + body.substr(1, 80) + "\r\n");
  char size[16];
  std::snprintf(size, sizeof size, "%zx", body.size() - 81);
  client_.send_raw(std::string(size) + "\r\n" + body.substr(81) + "\r\n0\r\n\r\n");
  EXPECT_EQ(client_.read_response().status, 200);
}

UBIETY_WITH_EACH_STORE(Batch);

class FaultyBatch : public ServiceTest {
 protected:
  HttpResponse post_array(std::string_view body) { return client_.post("/status/batch", body); }
};

TEST_F(FaultyBatch, is_a_400_when_none_is_accepted) {
  const auto response = post_batch(client_, "5\n" + body_with("rssi", "null") + "\n{]");
  EXPECT_EQ(response.status, 400);
  const Json answer(response.body);
  EXPECT_EQ(answer.keys(),
            (std::vector<std::string>{"accepted", "late", "duplicate", "rejected", "errors", "results"}));
  EXPECT_EQ(answer["accepted"].integer(), 0);
  EXPECT_EQ(answer["rejected"].integer(), 3);
  EXPECT_EQ(answer["errors"].size(), 3u);
  EXPECT_EQ(answer["results"].dump(), R"(["rejected","rejected","rejected"])");
}

TEST_F(FaultyBatch, is_a_422_when_none_is_accepted_and_a_field_is_missing) {
  EXPECT_EQ(post_batch(client_, "5\n" + body_without("online")).status, 422);
  EXPECT_EQ(post_array("[{}]").status, 422);
}

TEST_F(FaultyBatch, comes_of_an_empty_body_and_not_of_an_empty_array) {
  for (const char* body : {"", " ", "\n\r\n"}) {
    const std::vector<Fault> missing{{"[\"body\"]", "field required", "value_error.missing", ""}};
    expect_faults(post_array(body), 422, missing);
    expect_faults(post_batch(client_, body), 422, missing);
  }
  const auto none = post_array("[]");
  EXPECT_EQ(none.status, 200);
  EXPECT_EQ(none.body, R"({"accepted":0,"late":0,"duplicate":0,"rejected":0,"errors":[]})");
}

TEST_F(FaultyBatch, stores_nothing_when_it_is_no_array) {
  const auto device = fresh_device();
  const auto report = Report{.device_id = device}.json();
  for (const auto& body : {"[" + report, "[" + report + ",]", report + "\n" + report})
    expect_not_json(post_array(body));
  expect_faults(post_array(report), 400, {{"[\"body\"]", "value is not a valid list", "type_error.list", ""}});
  EXPECT_EQ(client_.get("/status/" + device).status, 404);
}

// What is only in fields to ignore costs neither its own element anything nor the others.
TEST_F(FaultyBatch, does_not_come_of_numbers_beyond_64_bits) {
  for (const char* value : {"89490200001234567890", "1e400", R"("\ud800")"}) {
    SCOPED_TRACE(value);
    auto odd = Report{.device_id = fresh_device()}.json();
    odd.back() = ',';
    odd += std::string("\"iccid\":") + value + "}";
    const auto good = Report{.device_id = fresh_device()}.json();
    EXPECT_EQ(post_array("[" + good + "," + odd + "," + good + "]").status, 200);
    const auto lines = post_batch(client_, ndjson_of({good, odd, good}));
    EXPECT_EQ(lines.status, 200) << lines.body;

    const auto mixed = post_array("[" + odd + R"(,{"device_id":1e400},)" + good + "]");
    EXPECT_EQ(mixed.status, 207) << mixed.body;
    EXPECT_EQ(Json(mixed.body)["errors"][std::size_t{0}]["index"].integer(), 1);
    expect_not_json(post_array("[" + odd + "," + good));
    expect_not_json(post_array("[" + odd + "," + good + ",]"));
  }
}

TEST_F(FaultyBatch, does_not_come_of_a_byte_order_mark) {
  const auto good = Report{.device_id = fresh_device()}.json();
  EXPECT_EQ(post_array("\xEF\xBB\xBF[" + good + "]").status, 200);
  EXPECT_EQ(post_batch(client_, "\xEF\xBB\xBF" + ndjson_of({good, good})).status, 200);
}

TEST_F(FaultyBatch, names_ndjson_when_it_has_lines_in_place_of_an_array) {
  const auto good = Report{.device_id = fresh_device()}.json();
  const auto response = post_array(good + "\n" + good);
  expect_not_json(response);
  EXPECT_NE(response.body.find("application/x-ndjson"), std::string::npos) << response.body;
}

TEST_F(FaultyBatch, counts_no_line_without_anything) {
  const auto response = post_batch(client_, "\n \n" + Report{.device_id = fresh_device()}.json() + "\n\n\r\n5\n\n");
  EXPECT_EQ(response.status, 207);
  const Json answer(response.body);
  EXPECT_EQ(answer["errors"][std::size_t{0}]["index"].integer(), 1);
  EXPECT_EQ(answer["results"].dump(), R"(["stored","rejected"])");
}

TEST_F(FaultyBatch, lists_the_first_hundred_errors) {
  std::vector<std::string> reports(150, body_without("rssi"));
  reports.insert(reports.begin(), Report{.device_id = fresh_device()}.json());
  const auto response = post_batch(client_, ndjson_of(reports));
  EXPECT_EQ(response.status, 207);
  const Json answer(response.body);
  EXPECT_EQ(answer["rejected"].integer(), 150);
  ASSERT_EQ(answer["errors"].size(), 100u);
  for (std::size_t i = 0; i < 100; ++i)
    EXPECT_EQ(answer["errors"][i]["index"].integer(), static_cast<std::int64_t>(i) + 1);
  EXPECT_EQ(answer["results"].size(), 151u);
}

TEST_F(FaultyBatch, is_met_by_a_device_of_the_same_name) {
  EXPECT_EQ(client_.get("/status/batch").status, 404);
  EXPECT_EQ(post_array(array_of({Report{.device_id = "batch"}.json()})).status, 200);
  EXPECT_EQ(Json(client_.get("/status/batch").body)["device_id"].text(), "batch");
  EXPECT_EQ(client_.request("HEAD", "/status/batch").status, 200);
  EXPECT_EQ(client_.get("/status/batch/history").status, 200);
  const auto other = client_.request("PUT", "/status/batch");
  EXPECT_EQ(other.status, 405);
  EXPECT_EQ(other.header("Allow"), "GET, HEAD, POST, DELETE, OPTIONS");
}

}  // namespace
}  // namespace ubiety::test
