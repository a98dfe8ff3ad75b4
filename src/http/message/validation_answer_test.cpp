#include "http/message/validation_answer.hpp"

#include <gtest/gtest.h>

#include <set>

#include "domain/report.hpp"
#include "json/reader.hpp"
#include "support/json.hpp"

namespace ubiety::http {
namespace {

using json::ReadError;

struct FaultCase {
  Fault fault;
  std::string_view entry;
};

std::vector<FaultCase> fault_cases() {
  return {
      {{"rssi", FaultKind::missing}, R"({"loc":["body","rssi"],"msg":"field required","type":"value_error.missing"})"},
      {{"rssi", FaultKind::null},
       R"({"loc":["body","rssi"],"msg":"none is not an allowed value","type":"type_error.none.not_allowed"})"},
      {{"device_id", FaultKind::not_a_string},
       R"({"loc":["body","device_id"],"msg":"str type expected","type":"type_error.str"})"},
      {{"battery_level", FaultKind::not_an_integer},
       R"({"loc":["body","battery_level"],"msg":"value is not a valid integer","type":"type_error.integer"})"},
      {{"online", FaultKind::not_a_boolean},
       R"({"loc":["body","online"],"msg":"value could not be parsed to a boolean","type":"type_error.bool"})"},
      {{"battery_level", FaultKind::too_small, 0},
       R"({"loc":["body","battery_level"],"msg":"ensure this value is greater than or equal to 0",)"
       R"("type":"value_error.number.not_ge","ctx":{"limit_value":0}})"},
      {{"rssi", FaultKind::too_small, -160},
       R"({"loc":["body","rssi"],"msg":"ensure this value is greater than or equal to -160",)"
       R"("type":"value_error.number.not_ge","ctx":{"limit_value":-160}})"},
      {{"battery_level", FaultKind::too_large, 100},
       R"({"loc":["body","battery_level"],"msg":"ensure this value is less than or equal to 100",)"
       R"("type":"value_error.number.not_le","ctx":{"limit_value":100}})"},
      {{"device_id", FaultKind::too_short, 1},
       R"({"loc":["body","device_id"],"msg":"ensure this value has at least 1 characters",)"
       R"("type":"value_error.any_str.min_length","ctx":{"limit_value":1}})"},
      {{"device_id", FaultKind::too_long, 255},
       R"({"loc":["body","device_id"],"msg":"ensure this value has at most 255 characters",)"
       R"("type":"value_error.any_str.max_length","ctx":{"limit_value":255}})"},
      {{"device_id", FaultKind::bad_device_id, 0, {}, "for a person"},
       R"({"loc":["body","device_id"],"msg":"for a person","type":"value_error.device_id"})"},
      {{"timestamp", FaultKind::not_a_time},
       R"({"loc":["body","timestamp"],"msg":"invalid type; expected datetime, string, bytes, int or float",)"
       R"("type":"type_error"})"},
      {{"timestamp", FaultKind::bad_timestamp},
       R"({"loc":["body","timestamp"],"msg":"invalid datetime format","type":"value_error.datetime"})"},
      {{"timestamp", FaultKind::too_far_ahead, 0, *parse_timestamp("2026-11-24T08:37:11Z")},
       R"({"loc":["body","timestamp"],)"
       R"("msg":"ensure this time is not after 2026-11-24T08:37:11Z: it is too far ahead of the server's clock",)"
       R"("type":"value_error.datetime.future","ctx":{"limit_value":"2026-11-24T08:37:11Z"}})"},
      {{"online", FaultKind::repeated_key},
       R"({"loc":["body","online"],"msg":"this key is given more than once","type":"value_error.duplicate"})"},
      {{"a \"key\"\n", FaultKind::repeated_key},
       R"({"loc":["body","a \"key\"\n"],"msg":"this key is given more than once","type":"value_error.duplicate"})"},
  };
}

TEST(FaultsAnswer, has_the_shape_of_the_contract) {
  std::set<FaultKind> kinds;
  for (const auto& [fault, entry] : fault_cases()) {
    const auto answer = faults_answer({fault});
    EXPECT_EQ(answer.body, "{\"detail\":[" + std::string(entry) + "]}");
    EXPECT_EQ(answer.status, fault.kind == FaultKind::missing ? 422 : 400) << entry;
    EXPECT_TRUE(answer.fields.empty());
    kinds.insert(fault.kind);
  }
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(FaultKind::repeated_key) + 1) << "a kind has no case";
}

TEST(FaultsAnswer, lists_faults_in_their_order) {
  const auto cases = fault_cases();
  Faults faults;
  std::string entries;
  for (const auto& [fault, entry] : cases) {
    faults.push_back(fault);
    entries.append(entries.empty() ? "" : ",").append(entry);
  }
  EXPECT_EQ(faults_answer(faults).body, "{\"detail\":[" + entries + "]}");
  EXPECT_EQ(test::Json(faults_answer(faults).body)["detail"].size(), cases.size());
}

TEST(FaultsAnswer, is_a_422_wherever_a_field_is_missing) {
  EXPECT_EQ(faults_answer({{"timestamp", FaultKind::bad_timestamp}, {"rssi", FaultKind::missing}}).status, 422);
  EXPECT_EQ(faults_answer({{"timestamp", FaultKind::bad_timestamp}, {"rssi", FaultKind::null}}).status, 400);
}

// From what a client sends to what it gets.
TEST(FaultsAnswer, says_what_validation_found) {
  const auto faults_of = [](std::string_view body) {
    json::ReportReader reader;
    const auto report = reader.read(body);
    const Timestamp now = *parse_timestamp("2026-11-23T08:37:11Z");
    return faults_answer(validate(*report, now, now, std::chrono::hours(24)).error()).body;
  };
  EXPECT_EQ(faults_of(R"({"device_id":"summary","timestamp":"2026-11-24T08:37:12Z","battery_level":101,"rssi":"x"})"),
            R"({"detail":[)"
            R"({"loc":["body","device_id"],"msg":"this device id is reserved: GET /status/summary is taken",)"
            R"("type":"value_error.device_id"},)"
            R"({"loc":["body","timestamp"],)"
            R"("msg":"ensure this time is not after 2026-11-24T08:37:11Z: it is too far ahead of the server's clock",)"
            R"("type":"value_error.datetime.future","ctx":{"limit_value":"2026-11-24T08:37:11Z"}},)"
            R"({"loc":["body","battery_level"],"msg":"ensure this value is less than or equal to 100",)"
            R"("type":"value_error.number.not_le","ctx":{"limit_value":100}},)"
            R"({"loc":["body","rssi"],"msg":"value is not a valid integer","type":"type_error.integer"},)"
            R"({"loc":["body","online"],"msg":"field required","type":"value_error.missing"}]})");
}

TEST(ReadErrorAnswer, has_the_shape_of_the_contract) {
  const std::tuple<ReadError, int, std::string_view> cases[] = {
      {{ReadError::Kind::empty, {}},
       422,
       R"({"detail":[{"loc":["body"],"msg":"field required","type":"value_error.missing"}]})"},
      {{ReadError::Kind::not_json, "what is \"wrong\""},
       400,
       R"({"detail":[{"loc":["body"],"msg":"what is \"wrong\"","type":"value_error.jsondecode"}]})"},
      {{ReadError::Kind::not_json, "what is wrong", 17},
       400,
       R"({"detail":[{"loc":["body",17],"msg":"what is wrong","type":"value_error.jsondecode","ctx":{"pos":17}}]})"},
      {{ReadError::Kind::trailing_text, {}, 2},
       400,
       R"({"detail":[{"loc":["body",2],"msg":"Something follows the document. Send several reports to )"
       R"(/status/batch as application/x-ndjson, each on a line of its own.","type":"value_error.jsondecode",)"
       R"("ctx":{"pos":2}}]})"},
      {{ReadError::Kind::not_an_object, {}},
       400,
       R"({"detail":[{"loc":["body"],"msg":"value is not a valid dict","type":"type_error.dict"}]})"},
      {{ReadError::Kind::not_an_array, {}},
       400,
       R"({"detail":[{"loc":["body"],"msg":"value is not a valid list","type":"type_error.list"}]})"},
  };
  for (const auto& [error, status, body] : cases) {
    const auto answer = read_error_answer(error);
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.body, body);
  }
}

TEST(ParameterAnswer, names_the_parameter) {
  const auto answer = parameters_answer({{"query", "limit", {"a message", "a.type"}}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.body, R"({"detail":[{"loc":["query","limit"],"msg":"a message","type":"a.type"}]})");
  EXPECT_EQ(parameters_answer({{"path", "device_id", {"m", "t", 5}}}).body,
            R"({"detail":[{"loc":["path","device_id"],"msg":"m","type":"t","ctx":{"limit_value":5}}]})");
  EXPECT_EQ(parameters_answer({{"query", "", {"m", "t"}}}).body,
            R"({"detail":[{"loc":["query"],"msg":"m","type":"t"}]})");
}

}  // namespace
}  // namespace ubiety::http
