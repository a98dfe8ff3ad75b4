#include "json/reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/report.hpp"

namespace ubiety::json {
namespace {

std::string name_of(ReadError::Kind kind) {
  switch (kind) {
    case ReadError::Kind::empty: return "empty";
    case ReadError::Kind::not_json: return "not JSON";
    case ReadError::Kind::trailing_text: return "trailing text";
    case ReadError::Kind::not_an_array: return "not an array";
    case ReadError::Kind::not_an_object: break;
  }
  return "not an object";
}

std::string device_id_of(const Report& report) {
  const auto* device_id = std::get_if<std::string_view>(&report[Field::device_id]);
  return device_id == nullptr ? "no device_id" : std::string(*device_id);
}

// The device_id of each element, or what is wrong with it; at the end, what is wrong with the whole batch.
std::vector<std::string> read_all(BatchReader& reader, std::string_view text, BatchForm form) {
  if (const auto error = reader.begin(text, form)) return {"all: " + name_of(error->kind)};
  std::vector<std::string> read;
  while (const auto report = reader.next()) {
    if (!*report)
      read.emplace_back(name_of(report->error().kind));
    else
      read.push_back(device_id_of(**report));
  }
  if (const auto& error = reader.error()) return {"all: " + name_of(error->kind)};
  return read;
}

std::vector<std::string> lines(std::string_view text) {
  BatchReader reader;
  return read_all(reader, text, BatchForm::lines);
}

std::vector<std::string> array(std::string_view text) {
  BatchReader reader;
  return read_all(reader, text, BatchForm::array);
}

using Read = std::vector<std::string>;

TEST(BatchReader, reads_line_by_line) {
  EXPECT_EQ(lines(R"({"device_id":"a"})"), Read{"a"});
  EXPECT_EQ(lines("{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}\n"), (Read{"a", "b"}));
  EXPECT_EQ(lines("{\"device_id\":\"a\"}\r\n\t{\"device_id\":\"b\"} \r\n"), (Read{"a", "b"}));
}

TEST(BatchReader, skips_blank_lines) {
  EXPECT_EQ(lines("\n\r\n  \t\n{\"device_id\":\"a\"}\n\n \n{\"device_id\":\"b\"}\n\n"), (Read{"a", "b"}));
}

TEST(BatchReader, reads_the_lines_after_one_that_is_not_a_report) {
  EXPECT_EQ(
      lines("{\"device_id\":\"a\"}\n{\"device_id\":\n\"b\"}\n5\n{\"device_id\":\"c\"} {}\n[{}]\n{\"device_id\":\"d\"}"),
      (Read{"a", "not JSON", "trailing text", "not an object", "trailing text", "not an object", "d"}));
}

// simdjson reads beyond the end of a text, and the next line follows at once.
TEST(BatchReader, does_not_read_into_the_next_line) {
  for (const std::string_view broken : {"{", "[", "\"", "{\"device_id\":\"a\"", "{\"device_id\":1", "{\"device_id\":{}",
                                        "tru", "12", "{\"device_id\":\"a\",", "{\"a\":[1,2]"})
    EXPECT_EQ(lines(std::string(broken) + "\n{\"device_id\":\"b\"}").back(), "b") << broken;
}

TEST(BatchReader, reads_the_elements_of_an_array) {
  EXPECT_EQ(array("[]"), Read{});
  EXPECT_EQ(array(" [ {\"device_id\":\"a\"},\n {\"device_id\":\"b\"} ] "), (Read{"a", "b"}));
  EXPECT_EQ(array(R"([{"device_id":"a"},null,5,[],"x",{"device_id":"b"}])"),
            (Read{"a", "not an object", "not an object", "not an object", "not an object", "b"}));
}

// JSON that simdjson's DOM refuses does not harm the other elements.
TEST(BatchReader, reads_the_elements_of_an_array_with_numbers_of_any_size) {
  EXPECT_EQ(array(R"([{"device_id":"a"},{"device_id":"b","x":1e400},{"device_id":"c"}])"), (Read{"a", "b", "c"}));
  EXPECT_EQ(array(R"( [ {"x":89490200001234567890,"device_id":"a"} , 5, [1e400], null, {"device_id":"\u0062"} ] )"),
            (Read{"a", "not an object", "not an object", "not an object", "b"}));
  EXPECT_EQ(array(R"([{"device_id":"a","\ud800":"\udc00"},{"device_id":"b"}])"), (Read{"a", "b"}));
  EXPECT_EQ(array("[" + std::string(5000, '[') + std::string(5000, ']') + R"(,{"device_id":"b"}])"),
            (Read{"not an object", "b"}));
  EXPECT_EQ(array("[1e400]"), Read{"not an object"});
  EXPECT_EQ(lines("{\"device_id\":\"a\",\"x\":1e400}\n{\"device_id\":\"b\"}\n1e400"),
            (Read{"a", "b", "not an object"}));
}

TEST(BatchReader, skips_a_byte_order_mark) {
  EXPECT_EQ(lines("\xEF\xBB\xBF{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}"), (Read{"a", "b"}));
  EXPECT_EQ(lines("\xEF\xBB\xBF\r\n{\"device_id\":\"a\"}"), Read{"a"});
  EXPECT_EQ(array("\xEF\xBB\xBF[{\"device_id\":\"a\"}]"), Read{"a"});
  EXPECT_EQ(array("\xEF\xBB\xBF[{\"device_id\":\"a\",\"x\":1e400}]"), Read{"a"});
  EXPECT_EQ(array("\xEF\xBB\xBF"), Read{"all: empty"});
}

TEST(BatchReader, reads_nothing_of_an_array_that_is_not_json) {
  for (const std::string_view text : {"[", "[{\"device_id\":\"a\"}", "[{\"device_id\":\"a\"},]", "[,]", "[,{}]",
                                      "[{} {}]", "[{}}", "[1e400", "[1e400,", "[1e400,]", "[1e400 1]", "[1e400}", "x",
                                      "{\"a\":1e400,}", "[{\"a\":1e400},{\"a\":}]", "[1e400,\"\xFF\"]"})
    EXPECT_EQ(array(text), Read{"all: not JSON"}) << text;
  for (const std::string_view text : {"[{\"device_id\":\"a\"}] x", "[] []", "[]]", "[1e400]]", "[1e400] [1]",
                                      "{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}", "{\"a\":1e400} {}"})
    EXPECT_EQ(array(text), Read{"all: trailing text"}) << text;
}

TEST(BatchReader, reports_why_a_text_is_not_a_batch) {
  for (const std::string_view text : {"", " ", "\r\n\n\t"}) {
    EXPECT_EQ(lines(text), Read{"all: empty"});
    EXPECT_EQ(array(text), Read{"all: empty"});
  }
  for (const std::string_view text : {"{}", "5", "null", "\"[]\"", "1e400", "{\"a\":1e400}", "\"\\ud800\""})
    EXPECT_EQ(array(text), Read{"all: not an array"});
}

TEST(BatchReader, reads_one_batch_after_another) {
  BatchReader reader;
  EXPECT_EQ(read_all(reader, "{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}", BatchForm::lines), (Read{"a", "b"}));
  EXPECT_EQ(read_all(reader, R"([{"device_id":"c"},{"device_id":"d"}])", BatchForm::array), (Read{"c", "d"}));
  EXPECT_EQ(read_all(reader, "[1e400,{\"device_id\":", BatchForm::array), Read{"all: not JSON"});
  EXPECT_EQ(read_all(reader, R"([1e400,{"device_id":"f"}])", BatchForm::array), (Read{"not an object", "f"}));
  EXPECT_EQ(read_all(reader, R"([{"device_id":"g"}])", BatchForm::array), Read{"g"});
  // A batch that is not read to its end leaves nothing behind.
  EXPECT_FALSE(reader.begin("{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}", BatchForm::lines));
  EXPECT_TRUE(reader.next());
  EXPECT_EQ(read_all(reader, R"({"device_id":"e"})", BatchForm::lines), Read{"e"});
}

}  // namespace
}  // namespace ubiety::json
