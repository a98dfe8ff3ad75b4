#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

class Post : public ServiceTest {
 protected:
  // Posts a body with this value and gives what the latest status says of the field.
  std::string stored(std::string_view field, std::string_view value) {
    const auto body = body_with(field, value);
    const auto response = client_.post("/status", body);
    EXPECT_EQ(response.status, 200) << body << '\n' << response.body;
    if (response.status != 200) return {};
    return Json(client_.get("/status/" + Json(body)["device_id"].text()).body)[field].dump();
  }
};

TEST_F(Post, accepts_a_good_report_and_says_so) {
  const auto response = client_.post("/status", Report{.device_id = "sensor-abc-123"}.json());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  EXPECT_EQ(response.body,
            R"({"status":"success","message":"Device status updated successfully","device_id":"sensor-abc-123"})");
}

TEST_F(Post, accepts_integers_written_in_any_way) {
  for (const char* value : {"76", "76.0", "7.6e1", "760e-1", "76.000000000000000"})
    EXPECT_EQ(stored("battery_level", value), "76") << value;
  for (const char* value : {"0", "-0", "0.0", "-0.0", "0e5"}) EXPECT_EQ(stored("battery_level", value), "0") << value;
}

TEST_F(Post, accepts_the_limits_themselves) {
  for (const char* value : {"0", "100"}) EXPECT_EQ(stored("battery_level", value), value);
  for (const char* value : {"-160", "20", "0"}) EXPECT_EQ(stored("rssi", value), value);
  for (const char* value : {"true", "false"}) EXPECT_EQ(stored("online", value), value);
}

TEST_F(Post, accepts_fields_in_any_order_among_white_space_and_unknown_ones) {
  const auto device = fresh_device();
  const auto response = client_.post("/status",
                                     "\r\n\t {\"online\" : false, \"extra\":{\"device_id\":[null]}, \"rssi\":-61 ,"
                                     "\"Battery_Level\":1,\"battery_level\":5,\"timestamp\":"
                                     "\"2025-06-09T14:00:00Z\",\"device_id\":\"" +
                                         device + "\"}\n ");
  EXPECT_EQ(response.status, 200) << response.body;
  const Json latest(client_.get("/status/" + device).body);
  EXPECT_EQ(latest["battery_level"].integer(), 5);
  EXPECT_EQ(latest["rssi"].integer(), -61);
  EXPECT_FALSE(latest["online"].boolean());
}

TEST_F(Post, accepts_unknown_fields_whatever_json_is_in_them) {
  const std::string deep(5000, '['), end(5000, ']');
  for (const std::string& value :
       {std::string("89490200001234567890"), std::string("-18446744073709551616"), std::string("1e400"),
        std::string("-1e400"), std::string(400, '9'), std::string(R"("\ud800")"), std::string(R"("\udc00\ud800")"),
        std::string(R"({"\udead":[1e999]})"), deep + end}) {
    SCOPED_TRACE(value.substr(0, 40));
    auto body = Report{.device_id = fresh_device()}.json();
    body.back() = ',';
    const auto response = client_.post("/status", body + "\"iccid\":" + value + "}");
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(
        client_.post("/status", "{\"iccid\":" + value + "," + Report{.device_id = fresh_device()}.json().substr(1))
            .status,
        200);
  }
}

TEST_F(Post, accepts_a_byte_order_mark_before_the_document) {
  EXPECT_EQ(client_.post("/status", "\xEF\xBB\xBF" + Report{.device_id = fresh_device()}.json()).status, 200);
}

TEST_F(Post, accepts_a_key_written_with_escapes) {
  const auto device = fresh_device();
  auto body = Report{.device_id = device}.json();
  body.replace(body.find("rssi"), 4, "rs\\u0073i");
  EXPECT_EQ(client_.post("/status", body).status, 200);
  EXPECT_EQ(Json(client_.get("/status/" + device).body)["rssi"].integer(), -60);
}

TEST_F(Post, accepts_every_media_type_that_is_json) {
  const std::vector<Headers> cases{{},
                                   {{"Content-Type", "application/json"}},
                                   {{"Content-Type", "Application/JSON"}},
                                   {{"Content-Type", "application/json; charset=utf-8"}},
                                   {{"Content-Type", "application/json;charset=\"UTF-8\""}},
                                   {{"Content-Type", "application/vnd.ubiety.v1+json"}},
                                   {{"content-type", "application/problem+JSON; a=b"}}};
  for (const auto& headers : cases) {
    const auto response = client_.request("POST", "/status", headers, Report{.device_id = fresh_device()}.json());
    EXPECT_EQ(response.status, 200) << (headers.empty() ? "none" : headers[0].second) << ' ' << response.body;
  }
}

TEST_F(Post, accepts_a_body_in_chunks) {
  const auto body = Report{.device_id = fresh_device("chunked")}.json();
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += 10) {
    const auto piece = body.substr(at, 10);
    chunks += std::string(1, "0123456789abcdef"[piece.size()]) + "\r\n" + piece + "\r\n";
  }
  client_.send_raw("POST /status HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n");
  EXPECT_EQ(client_.read_response().status, 200);
}

TEST_F(Post, accepts_a_target_with_a_query) {
  EXPECT_EQ(client_.post("/status?source=test", Report{.device_id = fresh_device()}.json()).status, 200);
}

}  // namespace
}  // namespace ubiety::test
