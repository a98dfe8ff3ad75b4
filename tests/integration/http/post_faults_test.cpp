#include <gtest/gtest.h>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"

namespace ubiety::test {
namespace {

const std::vector<std::string> fields{"device_id", "timestamp", "battery_level", "rssi", "online"};

class PostFaults : public ServiceTest {
 protected:
  void expect_fault(std::string_view field, std::string_view value, std::string_view msg, std::string_view type,
                    std::string_view ctx = {}) {
    SCOPED_TRACE(std::string(field) + ": " + std::string(value));
    expect_faults(client_.post("/status", body_with(field, value)), 400, {body_fault(field, msg, type, ctx)});
  }
};

TEST_F(PostFaults, name_a_missing_body) {
  const auto response = client_.post("/status", "");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body, R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})");
}

TEST_F(PostFaults, name_an_absent_field) {
  for (const auto& field : fields) {
    SCOPED_TRACE(field);
    expect_faults(client_.post("/status", body_without(field)), 422,
                  {body_fault(field, "field required", "value_error.missing")});
  }
}

TEST_F(PostFaults, name_all_absent_fields_in_the_order_of_the_table) {
  std::vector<Fault> all;
  for (const auto& field : fields) all.push_back(body_fault(field, "field required", "value_error.missing"));
  expect_faults(client_.post("/status", "{}"), 422, all);
}

TEST_F(PostFaults, name_a_body_that_is_not_json) {
  for (const char* body :
       {"{", "nonsense", "{\"device_id\":}", "{\"a\":1,}", "[1", "'a'", "{\"a\":01}", " ", "\xEF\xBB\xBF"}) {
    SCOPED_TRACE(body);
    expect_not_json(client_.post("/status", body));
  }
}

// `loc` and `ctx` name the place.
TEST_F(PostFaults, name_the_place_from_which_a_body_is_not_json) {
  for (const auto& [body, position] :
       {std::pair("{\"a\":1,}", "7"), {"{\"a\":}", "5"}, {"nonsense", "0"}, {"{\"a\":1", "6"}}) {
    SCOPED_TRACE(body);
    const std::string at = position;
    expect_faults(client_.post("/status", body), 400,
                  {{"[\"body\"," + at + "]", "", "value_error.jsondecode", "{\"pos\":" + at + "}"}});
  }
}

TEST_F(PostFaults, refer_a_second_document_to_the_batch) {
  const auto body = Report{.device_id = fresh_device()}.json();
  const auto response = client_.post("/status", body + "\n" + body);
  expect_not_json(response);
  EXPECT_NE(response.body.find("application/x-ndjson"), std::string::npos) << response.body;
}

TEST_F(PostFaults, do_not_come_of_what_stands_behind_the_object) {
  for (const char* rest : {" {}", "x", ",", "null", "}", "\n{\"a\":1}"}) {
    SCOPED_TRACE(rest);
    const auto device = fresh_device();
    expect_not_json(client_.post("/status", Report{.device_id = device}.json() + rest));
    EXPECT_EQ(client_.get("/status/" + device).status, 404);
  }
}

TEST_F(PostFaults, name_json_that_is_no_object) {
  for (const char* body : {"[]", "[{}]", "5", "\"text\"", "true", "null", "1.5"}) {
    SCOPED_TRACE(body);
    expect_faults(client_.post("/status", body), 400,
                  {{"[\"body\"]", "value is not a valid dict", "type_error.dict", ""}});
  }
}

TEST_F(PostFaults, name_a_null) {
  for (const auto& field : fields)
    expect_fault(field, "null", "none is not an allowed value", "type_error.none.not_allowed");
}

TEST_F(PostFaults, name_a_value_that_is_no_string) {
  for (const char* value : {"5", "5.5", "true", "[]", "{}", "[\"a\"]", "1e400"})
    expect_fault("device_id", value, "str type expected", "type_error.str");
}

TEST_F(PostFaults, name_a_value_that_is_no_time) {
  for (const char* value : {"true", "false", "[]", "{}", "[\"2025-06-09T14:00:00Z\"]", "[1749477600]"})
    expect_fault("timestamp", value, "invalid type; expected datetime, string, bytes, int or float", "type_error");
}

TEST_F(PostFaults, name_a_value_that_is_no_integer) {
  for (const char* field : {"battery_level", "rssi"})
    for (const char* value : {"\"76\"", "76.5", "true", "false", "[]", "{}", "\"\"", "7e-1", "1e-300", "99.999999"})
      expect_fault(field, value, "value is not a valid integer", "type_error.integer");
}

TEST_F(PostFaults, name_a_value_that_is_no_boolean) {
  for (const char* value : {"\"true\"", "1", "0", "1.0", "[]", "{}", "\"\""})
    expect_fault("online", value, "value could not be parsed to a boolean", "type_error.bool");
}

TEST_F(PostFaults, name_a_value_below_the_range) {
  for (const char* value : {"-1", "-1.0", "-1e30", "-9223372036854775808", "-9223372036854775809", "-1e400"})
    expect_fault("battery_level", value, "ensure this value is greater than or equal to 0", "value_error.number.not_ge",
                 R"({"limit_value":0})");
  for (const char* value : {"-161", "-1e3"})
    expect_fault("rssi", value, "ensure this value is greater than or equal to -160", "value_error.number.not_ge",
                 R"({"limit_value":-160})");
}

TEST_F(PostFaults, name_a_value_above_the_range) {
  for (const char* value : {"101", "101.0", "1e30", "9223372036854775807", "18446744073709551615", "4294967372",
                            "9223372036854775808", "18446744073709551616", "89490200001234567890", "1e400"})
    expect_fault("battery_level", value, "ensure this value is less than or equal to 100", "value_error.number.not_le",
                 R"({"limit_value":100})");
  for (const char* value : {"21", "2147483648"})
    expect_fault("rssi", value, "ensure this value is less than or equal to 20", "value_error.number.not_le",
                 R"({"limit_value":20})");
}

TEST_F(PostFaults, name_a_repeated_key) {
  for (const auto& field : fields) {
    SCOPED_TRACE(field);
    const auto device = fresh_device();
    auto body = Report{.device_id = device}.json();
    body.back() = ',';
    body += "\"" + field + "\":1}";
    expect_faults(client_.post("/status", body), 400, {body_fault(field, "", "value_error.duplicate")});
    EXPECT_EQ(client_.get("/status/" + device).status, 404);
  }
}

TEST_F(PostFaults, name_a_repeated_unknown_key_and_one_repeated_by_escapes) {
  auto body = Report{.device_id = fresh_device()}.json();
  body.back() = ',';
  expect_faults(client_.post("/status", body + R"("extra":1,"extra":2})"), 400,
                {body_fault("extra", "", "value_error.duplicate")});
  expect_faults(client_.post("/status", body + R"("rs\u0073i":-60})"), 400,
                {body_fault("rssi", "", "value_error.duplicate")});
}

TEST_F(PostFaults, are_named_in_the_order_of_the_table) {
  const Fault too_high = body_fault("battery_level", "ensure this value is less than or equal to 100",
                                    "value_error.number.not_le", R"({"limit_value":100})");
  const Fault no_boolean = body_fault("online", "value could not be parsed to a boolean", "type_error.bool");
  expect_faults(
      client_.post("/status", R"({"online":"yes","rssi":null,"battery_level":200,"timestamp":"x","device_id":""})"),
      400,
      {body_fault("device_id", "ensure this value has at least 1 characters", "value_error.any_str.min_length",
                  R"({"limit_value":1})"),
       body_fault("timestamp", "invalid datetime format", "value_error.datetime"), too_high,
       body_fault("rssi", "none is not an allowed value", "type_error.none.not_allowed"), no_boolean});
  // One that is missing makes it a 422.
  expect_faults(client_.post("/status", R"({"online":"yes","battery_level":200,"timestamp":[],"device_id":7})"), 422,
                {body_fault("device_id", "str type expected", "type_error.str"),
                 body_fault("timestamp", "invalid type; expected datetime, string, bytes, int or float", "type_error"),
                 too_high, body_fault("rssi", "field required", "value_error.missing"), no_boolean});
}

}  // namespace
}  // namespace ubiety::test
