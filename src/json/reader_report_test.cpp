#include "json/reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <optional>
#include <utility>

#include "domain/report.hpp"
#include "support/cases.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::json {
namespace {

using Kind = ReadError::Kind;

constexpr std::string_view good_text =
    R"({"device_id":"sensor-1","timestamp":"2025-06-09T14:00:00Z","battery_level":76,"rssi":-60,"online":true})";

class ReportReaderTest : public ::testing::Test {
 protected:
  // The value of the field, if the text can be read.
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

TEST_F(ReportReaderTest, reads_every_field) {
  const auto report = reader_.read(good_text);
  ASSERT_TRUE(report);
  EXPECT_EQ(std::get<std::string_view>((*report)[Field::device_id]), "sensor-1");
  EXPECT_EQ(std::get<std::string_view>((*report)[Field::timestamp]), "2025-06-09T14:00:00Z");
  EXPECT_EQ(std::get<std::int64_t>((*report)[Field::battery_level]), 76);
  EXPECT_EQ(std::get<std::int64_t>((*report)[Field::rssi]), -60);
  EXPECT_EQ(std::get<bool>((*report)[Field::online]), true);
  EXPECT_TRUE(report->repeated_keys.empty());
}

TEST_F(ReportReaderTest, keeps_the_types_apart) {
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

TEST_F(ReportReaderTest, keeps_big_integers_big) {
  EXPECT_EQ(read_battery<std::int64_t>("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(read_battery<std::int64_t>("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(read_battery<double>("9223372036854775808"), 9223372036854775808.0);
  EXPECT_EQ(read_battery<double>("18446744073709551615"), 18446744073709551615.0);
}

TEST_F(ReportReaderTest, rounds_numbers_beyond_64_bits_to_the_nearest_double) {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  const std::pair<const char*, double> cases[] = {
      {"18446744073709551616", 18446744073709551616.0},
      {"-9223372036854775809", -9223372036854775808.0},
      {"89490200001234567890", 89490200001234567890.0},
      {"100000000000000000000000000000000", 1e32},
      {"1e400", infinity},
      {"-1e400", -infinity},
      {"1E+400", infinity},
      {"1.5e999999999999", infinity},
  };
  for (const auto& [text, number] : cases) EXPECT_EQ(read_battery<double>(text), number) << text;
  EXPECT_EQ(read_battery<double>(std::string(400, '9')), infinity);
  EXPECT_EQ(read_battery<double>("-" + std::string(400, '9') + ".5"), -infinity);
}

TEST_F(ReportReaderTest, ignores_unknown_fields) {
  const auto report =
      reader_.read(R"({"colour":"red","nested":{"device_id":"other","rssi":[1]},"device_id":"sensor-1"})");
  ASSERT_TRUE(report);
  EXPECT_EQ(std::get<std::string_view>((*report)[Field::device_id]), "sensor-1");
  EXPECT_TRUE(std::holds_alternative<Missing>((*report)[Field::rssi]));
  EXPECT_TRUE(report->repeated_keys.empty());
}

// JSON that simdjson's DOM refuses.
TEST_F(ReportReaderTest, ignores_unknown_fields_whatever_is_in_them) {
  const std::string deep(20'000, '['), end(20'000, ']');
  for (const std::string& value :
       {std::string("89490200001234567890"), std::string("-18446744073709551616"), std::string("1e400"),
        std::string("-1E400"), std::string("0.1e+400"), std::string(400, '9'), std::string("[1e400,{\"a\":[-1e999]}]"),
        std::string(R"("\ud800")"), std::string(R"("\uDFFF")"), std::string(R"("\ud800\ud800\udc00")"),
        std::string(R"("\ud83d\\\ude00\"")"), std::string(R"({"\udc00":{"\ud800":1}})"), deep + end,
        deep + R"({"rssi":"\ud800"})" + end}) {
    const auto report = reader_.read(R"({"extra":)" + value + R"(,"rssi":-60,"online":true,"device_id":"sensor-1"})");
    ASSERT_TRUE(report) << value.substr(0, 50);
    EXPECT_EQ(std::get<std::int64_t>((*report)[Field::rssi]), -60);
    EXPECT_EQ(std::get<bool>((*report)[Field::online]), true);
    EXPECT_EQ(std::get<std::string_view>((*report)[Field::device_id]), "sensor-1");
    EXPECT_TRUE(std::holds_alternative<Missing>((*report)[Field::timestamp]));
    EXPECT_TRUE(report->repeated_keys.empty());
  }
}

TEST_F(ReportReaderTest, keeps_the_types_apart_beside_such_fields) {
  const auto read = [&](std::string_view value) {
    const auto report = reader_.read("{\"x\":1e400,\"battery_level\":" + std::string(value) + "}");
    return report ? std::optional((*report)[Field::battery_level].index()) : std::nullopt;
  };
  for (const auto& [value, kind] :
       std::initializer_list<std::pair<const char*, FieldValue>>{{"76", std::int64_t{}},
                                                                 {"-0", std::int64_t{}},
                                                                 {"76.0", double{}},
                                                                 {"1E2", double{}},
                                                                 {"true", bool{}},
                                                                 {"null", Null{}},
                                                                 {"\"76\"", std::string_view{}},
                                                                 {"[]", Composite{}},
                                                                 {"{}", Composite{}},
                                                                 {"[[1]]", Composite{}},
                                                                 {R"({"battery_level":76})", Composite{}}})
    EXPECT_EQ(read(value), kind.index()) << value;
}

TEST_F(ReportReaderTest, returns_an_unpaired_surrogate_as_bytes_that_are_not_utf8) {
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"device_id":"a\ud800b"})"),
            "a\xED\xA0\x80"
            "b");
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"device_id":"\uDBFF"})"), "\xED\xAF\xBF");
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"device_id":"\udc00x"})"), "\xED\xB0\x80x");
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"device_id":"\ud800\ud83d\ude00"})"),
            "\xED\xA0\x80\U0001F600");
}

TEST_F(ReportReaderTest, skips_a_byte_order_mark) {
  EXPECT_EQ(read_field<bool>(Field::online, "\xEF\xBB\xBF{\"online\":true}"), true);
  EXPECT_EQ(read_field<bool>(Field::online, "\xEF\xBB\xBF \n{\"x\":1e400,\"online\":true}"), true);
  for (const auto text : {"\xEF\xBB\xBF", "\xEF\xBB\xBF\xEF\xBB\xBF{}", " \xEF\xBB\xBF{}", "{}\xEF\xBB\xBF",
                          "{\"online\":\xEF\xBB\xBFtrue}", "\xEF\xBB{}"})
    EXPECT_TRUE(error_of(text)) << text;
}

TEST_F(ReportReaderTest, matches_keys_exactly) {
  for (const auto key : {"Device_id", "device_id ", "device-id", "device_i", "device_idd", ""})
    EXPECT_TRUE(read_field<Missing>(Field::device_id, "{\"" + std::string(key) + "\":\"x\"}")) << key;
}

TEST_F(ReportReaderTest, reads_escaped_keys_and_values) {
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"\u0064evice_id":"\u0073ensor\ud83d\ude00\n"})"),
            "sensor\U0001F600\n");
  EXPECT_EQ(read_field<std::string_view>(Field::device_id, R"({"device_id":"a\u0000b"})"), std::string_view("a\0b", 3));
}

TEST_F(ReportReaderTest, notices_repeated_keys) {
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
      {R"({"x":1e400,"rssi":1,"x":2,"rssi":1e400})", {"rssi", "x"}},
      {R"({"x":1e400,"a":{"rssi":1,"rssi":2,"x":1}})", {}},
      {R"({"\ud800":1,"\ud801":2})", {}},
      {R"({"\ud800":1,"\uD800":2})", {"\uFFFD\uFFFD\uFFFD"}},
  };
  for (const auto& [text, keys] : cases) EXPECT_EQ(repeated_keys(text), keys) << text;
}

TEST_F(ReportReaderTest, notices_a_field_that_occurs_three_times) {
  const auto keys = repeated_keys(R"({"rssi":1,"rssi":2,"rssi":3})");
  EXPECT_FALSE(keys.empty());
  EXPECT_TRUE(std::all_of(keys.begin(), keys.end(), [](const auto& key) { return key == "rssi"; }));
}

TEST_F(ReportReaderTest, distinguishes_empty_text_from_other_documents) {
  EXPECT_EQ(error_of(""), Kind::empty);
  for (const auto text : {"[]", "[{}]", "null", "true", "5", "\"text\"", " [ ] "})
    EXPECT_EQ(error_of(text), Kind::not_an_object) << text;
}

TEST_F(ReportReaderTest, refuses_what_is_not_json) {
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
                                      R"({"a":1e400,})",
                                      R"({"a":1e400 "b":1})",
                                      R"({"a":--1e400})",
                                      R"({"battery_level":76-1})",
                                      R"({"rssi":76.5.5,"online":true})",
                                      R"({"a":1e400e5})",
                                      R"({"a":1e5e5})",
                                      R"({"a":1.5.5})",
                                      R"({"a":1e400.5})",
                                      R"({"a":-})",
                                      R"({"a":1e})",
                                      R"({"a":1e+})",
                                      R"({"a":-01})",
                                      R"({"a":1 2})",
                                      R"({"a":Infinity})",
                                      R"({"a":-Infinity})",
                                      R"({/*c*/"a":1e400})",
                                      R"({"a":1e400,"a)",
                                      R"({"a":"\ud800)",
                                      R"({"a":"\ud80"})",
                                      R"({"a":"\ud800\u12"})",
                                      R"({"a":"\ud800\x"})",
                                      R"({"a":"\ud800","b":"\)",
                                      "{\"a\":\"\xFF\"}",
                                      "{\"a\":\"\n\"}",
                                      "/**/{}",
                                      "\xFE\xFF"}) {
    const auto report = reader_.read(text);
    ASSERT_FALSE(report) << text;
    EXPECT_EQ(report.error().kind, Kind::not_json) << text;
    EXPECT_FALSE(report.error().message.empty()) << text;
  }
  EXPECT_EQ(error_of(std::string_view("{\0}", 3)), Kind::not_json);
  EXPECT_EQ(error_of(std::string_view("{\"a\":1e400,\"b\":\"\0\"}", 19)), Kind::not_json);
}

TEST_F(ReportReaderTest, reports_text_after_the_document) {
  for (const std::string_view text :
       {"{} {}", "{}x", "{},", "{}]", "{}{", "{}\n{}", "{\"a\":1e400} 1", "{\"a\":1e400}/**/", "[] []", "5 5"}) {
    const auto report = reader_.read(text);
    ASSERT_FALSE(report) << text;
    EXPECT_EQ(report.error().kind, Kind::trailing_text) << text;
    EXPECT_EQ(text.substr(*report.error().position - 1, 1).find_first_of(" \n}]"), 0u) << text;
  }
  EXPECT_EQ(error_of(std::string_view("{}\0", 3)), Kind::trailing_text);
}

// Python's json module reports the same positions if the fault is a single character. If the fault is a longer text,
// it reports where that text begins.
TEST_F(ReportReaderTest, reports_where_a_text_is_not_json) {
  const std::pair<std::string_view, std::size_t> cases[] = {
      {"nonsense", 0},
      {"{", 1},
      {" ", 1},
      {"{\"a\":}", 5},
      {"{\"a\" 1}", 5},
      {"{\"a\":1,}", 7},
      {"[1,]", 3},
      {"[1", 2},
      {"{\"a\":1 \"b\":2}", 7},
      {"{a:1}", 1},
      {"{\"a\":tru}", 5},
      {"{\"\u00E9\U0001F600\":x}", 6},
      {"\xEF\xBB\xBF{\"a\":}", 5},
      {"{} {}", 3},
      {"{\"a\":1e400,}", 11},
      {"{\"a\":\"\\ud800\",}", 14},
      {"{\"a\":\"\u00E9\xFF\"}", 7},
  };
  for (const auto& [text, position] : cases) {
    const auto report = reader_.read(text);
    ASSERT_FALSE(report) << text;
    EXPECT_EQ(report.error().position, position) << text << ": " << report.error().message;
  }
}

TEST_F(ReportReaderTest, accepts_white_space_around_the_document) {
  EXPECT_TRUE(reader_.read(" \r\n\t{ } \r\n\t"));
  EXPECT_EQ(read_field<bool>(Field::online, "\n{ \"online\" :\ttrue }\n"), true);
}

TEST_F(ReportReaderTest, looks_at_its_text_alone) {
  const std::string text = "{\"rssi\":-60}garbage";
  EXPECT_EQ(read_field<std::int64_t>(Field::rssi, std::string_view(text).substr(0, 12)), -60);
  EXPECT_EQ(error_of(std::string_view(good_text).substr(0, good_text.size() - 1)), Kind::not_json);
}

TEST_F(ReportReaderTest, survives_deep_nesting) {
  for (const std::size_t depth : {500, 1022, 1023, 1024, 1025, 100'000}) {
    const auto text = R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + R"(,"online":true})";
    EXPECT_EQ(read_field<bool>(Field::online, text), true) << depth;
    EXPECT_EQ(error_of(text.substr(1)), Kind::trailing_text) << depth;
  }
  std::string objects = "true";
  for (int i = 0; i < 20'000; ++i) objects = "{\"a\":" + objects + "}";
  EXPECT_TRUE(reader_.read(objects));
  EXPECT_EQ(error_of(R"({"a":)" + std::string(100'000, '[')), Kind::not_json);
  EXPECT_EQ(error_of(R"({"a":)" + std::string(100'000, '[') + std::string(100'001, ']')), Kind::not_json);
  EXPECT_TRUE(reader_.read(good_text));
}

TEST_F(ReportReaderTest, forgets_the_report_before) {
  EXPECT_TRUE(reader_.read(good_text));
  EXPECT_FALSE(reader_.read("{\"rssi\":"));
  const auto report = reader_.read("{}");
  ASSERT_TRUE(report);
  for (const auto& value : report->fields) EXPECT_TRUE(std::holds_alternative<Missing>(value));
}

TEST_F(ReportReaderTest, agrees_with_json_test_suite) {
  UBIETY_NEEDS_CASES("json/test_parsing");
  int judged = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::cases_folder() / "json/test_parsing")) {
    const auto name = entry.path().filename().string();
    const auto kind = error_of(test::read_file(entry.path()));
    const bool is_json = kind != Kind::not_json && kind != Kind::trailing_text && kind != Kind::empty;
    if (name.starts_with("i_")) continue;  // left to the reader: tests/integration/http/json_suite_test.cpp
    EXPECT_EQ(is_json, name.starts_with("y_")) << name;
    ++judged;
  }
  EXPECT_GT(judged, 200);
}

TEST(ReportReader, reports_at_most_a_hundred_repeated_keys) {
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
