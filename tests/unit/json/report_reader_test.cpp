#include "json/report_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/cases.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::json {
namespace {

using Kind = ReadError::Kind;

constexpr std::string_view good_text =
    R"({"device_id":"sensor-1","timestamp":"2025-06-09T14:00:00Z","battery_level":76,"rssi":-60,"online":true})";

class ReportReaderTest : public ::testing::Test {
 protected:
  // What stands in the field, when the text can be read.
  template <class Value>
  std::optional<Value> read_field(Field field, std::string_view text) {
    const auto report = reader_.read(text);
    if (!report) return std::nullopt;
    const auto* value = std::get_if<Value>(&(*report)[field]);
    return value == nullptr ? std::nullopt : std::optional(*value);
  }

  template <class Value>
  std::optional<Value> read_battery(std::string_view value) {
    return read_field<Value>(Field::battery_level, "{\"battery_level\":" + std::string(value) + "}");
  }

  std::optional<Kind> error_of(std::string_view text) {
    const auto report = reader_.read(text);
    return report ? std::nullopt : std::optional(report.error().kind);
  }

  std::vector<std::string> repeated_keys(std::string_view text) {
    const auto report = reader_.read(text);
    return report ? report->repeated_keys : std::vector<std::string>{"unreadable"};
  }

  ReportReader reader_;
};

TEST_F(ReportReaderTest, ReadsEveryField) {
  const auto report = reader_.read(good_text);
  ASSERT_TRUE(report);
  EXPECT_EQ(std::get<std::string_view>((*report)[Field::device_id]), "sensor-1");
  EXPECT_EQ(std::get<std::string_view>((*report)[Field::timestamp]), "2025-06-09T14:00:00Z");
  EXPECT_EQ(std::get<std::int64_t>((*report)[Field::battery_level]), 76);
  EXPECT_EQ(std::get<std::int64_t>((*report)[Field::rssi]), -60);
  EXPECT_EQ(std::get<bool>((*report)[Field::online]), true);
  EXPECT_TRUE(report->repeated_keys.empty());
}

TEST_F(ReportReaderTest, KeepsTheTypesApart) {
  EXPECT_EQ(read_battery<std::int64_t>("76"), 76);
  EXPECT_EQ(read_battery<double>("76.0"), 76.0);
  EXPECT_EQ(read_battery<double>("76.5"), 76.5);
  EXPECT_EQ(read_battery<double>("7.6e1"), 76.0);
  EXPECT_EQ(read_battery<double>("-0.0"), 0.0);
  EXPECT_EQ(read_battery<double>("1e300"), 1e300);
  EXPECT_EQ(read_battery<std::string_view>("\"76\""), "76");
  EXPECT_EQ(read_battery<bool>("false"), false);
  for (const auto value : {"{}", "[]", "[76]", R"({"battery_level":76})"})
    EXPECT_TRUE(read_battery<Composite>(value)) << value;
  EXPECT_TRUE(read_battery<Null>("null"));
  EXPECT_TRUE(read_field<Missing>(Field::battery_level, "{}"));
}

TEST_F(ReportReaderTest, KeepsBigIntegersBig) {
  EXPECT_EQ(read_battery<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(read_battery<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(read_battery<double>("9223372036854775808"), 9223372036854775808.0);
  EXPECT_EQ(read_battery<double>("18446744073709551615"), 18446744073709551615.0);
}

TEST_F(ReportReaderTest, RefusesNumbersThatItCannotHold) {
  for (const auto number :
       {"18446744073709551616", "-9223372036854775809", "1e400", "-1e400", "100000000000000000000000000000000"})
    EXPECT_EQ(error_of("{\"battery_level\":" + std::string(number) + "}"), Kind::not_json) << number;
}

TEST_F(ReportReaderTest, IgnoresUnknownFields) {
  const auto report =
      reader_.read(R"({"colour":"red","nested":{"device_id":"other","rssi":[1]},"device_id":"sensor-1"})");
  ASSERT_TRUE(report);
  EXPECT_EQ(std::get<std::string_view>((*report)[Field::device_id]), "sensor-1");
  EXPECT_TRUE(std::holds_alternative<Missing>((*report)[Field::rssi]));
  EXPECT_TRUE(report->repeated_keys.empty());
}

TEST_F(ReportReaderTest, TakesKeysExactly) {
  for (const auto key : {"Device_id", "device_id ", "device-id", "device_i", "device_idd", ""})
    EXPECT_TRUE(read_field<Missing>(Field::device_id, "{\"" + std::string(key) + "\":\"x\"}")) << key;
}

TEST_F(ReportReaderTest, ReadsEscapedKeysAndValues) {
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"\u0064evice_id":"\u0073ensor\ud83d\ude00\n"})"),
            "sensor\U0001F600\n");
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"device_id":"a\u0000b"})"), std::string_view("a\0b", 3));
}

TEST_F(ReportReaderTest, NoticesRepeatedKeys) {
  using Keys = std::vector<std::string>;
  const std::pair<std::string_view, Keys> cases[] = {
      {R"({"rssi":-60,"rssi":-60})", {"rssi"}},
      {R"({"rssi":-60,"rssi":null})", {"rssi"}},
      {R"({"rssi":1,"rssi":2,"rssi":3,"rssi":4})", {"rssi"}},
      {R"({"device_id":"a","\u0064evice_id":"b"})", {"device_id"}},
      {R"({"colour":1,"colour":2})", {"colour"}},
      {R"({"b":1,"a":1,"c":1,"b":2,"a":2,"a":3})", {"a", "b"}},
      {R"({"x":1,"\u0078":2})", {"x"}},
      {R"({"x":1,"rssi":1,"x":2,"rssi":2})", {"rssi", "x"}},
      {R"({"":1,"":2})", {""}},
      {R"({"a":{"a":1},"b":{"a":1}})", {}},
      {R"({"a":{"x":1,"x":2}})", {}},  // inside a field that is ignored
  };
  for (const auto& [text, keys] : cases) EXPECT_EQ(repeated_keys(text), keys) << text;
}

TEST_F(ReportReaderTest, NoticesAFieldThatComesThrice) {
  const auto keys = repeated_keys(R"({"rssi":1,"rssi":2,"rssi":3})");
  EXPECT_FALSE(keys.empty());
  EXPECT_TRUE(std::all_of(keys.begin(), keys.end(), [](const auto& key) { return key == "rssi"; }));
}

TEST_F(ReportReaderTest, TellsEmptyTextAndOtherDocumentsApart) {
  EXPECT_EQ(error_of(""), Kind::empty);
  for (const auto text : {"[]", "[{}]", "null", "true", "5", "\"text\"", " [ ] "})
    EXPECT_EQ(error_of(text), Kind::not_an_object) << text;
}

TEST_F(ReportReaderTest, RefusesWhatIsNotJson) {
  for (const std::string_view text : {" ",
                                      "\n",
                                      "{",
                                      "}",
                                      "{]",
                                      "nonsense",
                                      R"({"a")",
                                      R"({"a":})",
                                      R"({"a":1,})",
                                      R"({a:1})",
                                      R"({'a':1})",
                                      R"({"a":01})",
                                      R"({"a":+1})",
                                      R"({"a":.5})",
                                      R"({"a":1.})",
                                      R"({"a":NaN})",
                                      R"({"a":"\x"})",
                                      R"({"a":"\ud800"})",
                                      "{\"a\":\"\xFF\"}",
                                      "{\"a\":\"\n\"}",
                                      "{} {}",
                                      "{}x",
                                      "{},",
                                      "{}]",
                                      "{}{",
                                      "/**/{}",
                                      "\xFE\xFF"}) {
    const auto report = reader_.read(text);
    ASSERT_FALSE(report) << text;
    EXPECT_EQ(report.error().kind, Kind::not_json) << text;
    EXPECT_FALSE(report.error().message.empty()) << text;
  }
  EXPECT_EQ(error_of(std::string_view("{}\0", 3)), Kind::not_json);
}

TEST_F(ReportReaderTest, TakesWhiteSpaceAround) {
  EXPECT_TRUE(reader_.read(" \r\n\t{ } \r\n\t"));
  EXPECT_EQ(read_field<bool>(Field::online, "\n{ \"online\" :\ttrue }\n"), true);
}

TEST_F(ReportReaderTest, LooksAtItsTextAlone) {
  const std::string text = "{\"rssi\":-60}garbage";
  EXPECT_EQ(read_field<std::int64_t>(Field::rssi, std::string_view(text).substr(0, 12)), -60);
  EXPECT_EQ(error_of(std::string_view(good_text).substr(0, good_text.size() - 1)), Kind::not_json);
}

TEST_F(ReportReaderTest, BearsDeepNesting) {
  const auto nested = [](std::size_t depth) {
    return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + R"(,"online":true})";
  };
  EXPECT_EQ(read_field<bool>(Field::online, nested(500)), true);
  EXPECT_EQ(error_of(nested(100'000)), Kind::not_json);
  EXPECT_EQ(error_of(R"({"a":)" + std::string(100'000, '[')), Kind::not_json);
  EXPECT_TRUE(reader_.read(good_text));
}

TEST_F(ReportReaderTest, ForgetsTheReportBefore) {
  EXPECT_TRUE(reader_.read(good_text));
  EXPECT_FALSE(reader_.read("{\"rssi\":"));
  const auto report = reader_.read("{}");
  ASSERT_TRUE(report);
  for (const auto& value : report->fields) EXPECT_TRUE(std::holds_alternative<Missing>(value));
}

TEST_F(ReportReaderTest, JudgesAsJsonTestSuite) {
  UBIETY_NEEDS_CASES("json/test_parsing");
  int judged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::cases_folder() / "json/test_parsing")) {
    const auto name = entry.path().filename().string();
    const auto kind = error_of(test::read_file(entry.path()));
    const bool is_json = kind != Kind::not_json && kind != Kind::empty;
    if (name.starts_with("i_")) continue;  // left to the reader: tests/integration/http/json_suite_test.cpp
    EXPECT_EQ(is_json, name.starts_with("y_")) << name;
    ++judged;
  }
  EXPECT_GT(judged, 200);
}

TEST(ReportReader, TellsAHundredRepeatedKeysAndNoMore) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += "\"key-" + std::to_string(i / 2) + "\":1,";
  text.back() = '}';
  ReportReader reader;
  const auto report = reader.read(text);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->repeated_keys.size(), 100u);
  EXPECT_TRUE(std::is_sorted(report->repeated_keys.begin(), report->repeated_keys.end()));
}

}  // namespace
}  // namespace ubiety::json
