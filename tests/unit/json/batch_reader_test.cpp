#include "json/batch_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ubiety::json {
namespace {

// What is read of each element: its device_id, or what is wrong with it.
std::vector<std::string> read_all(BatchReader& reader, std::string_view text, BatchForm form) {
  if (const auto error = reader.begin(text, form)) {
    switch (error->kind) {
      case ReadError::Kind::empty: return {"all: empty"};
      case ReadError::Kind::not_json: return {"all: not JSON"};
      case ReadError::Kind::not_an_array: return {"all: not an array"};
      case ReadError::Kind::not_an_object: return {"all: not an object"};
    }
  }
  std::vector<std::string> read;
  while (const auto report = reader.next()) {
    if (!*report)
      read.emplace_back(report->error().kind == ReadError::Kind::not_json ? "not JSON" : "not an object");
    else
      read.emplace_back(std::get<std::string_view>((**report)[Field::device_id]));
  }
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

TEST(BatchReader, ReadsALineAfterTheOther) {
  EXPECT_EQ(lines(R"({"device_id":"a"})"), Read{"a"});
  EXPECT_EQ(lines("{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}\n"), (Read{"a", "b"}));
  EXPECT_EQ(lines("{\"device_id\":\"a\"}\r\n\t{\"device_id\":\"b\"} \r\n"), (Read{"a", "b"}));
}

TEST(BatchReader, PassesOverLinesWithoutAnything) {
  EXPECT_EQ(lines("\n\r\n  \t\n{\"device_id\":\"a\"}\n\n \n{\"device_id\":\"b\"}\n\n"), (Read{"a", "b"}));
}

TEST(BatchReader, HasALineThatIsNoReportNotSpoilTheOthers) {
  EXPECT_EQ(
      lines("{\"device_id\":\"a\"}\n{\"device_id\":\n\"b\"}\n5\n{\"device_id\":\"c\"} {}\n[{}]\n{\"device_id\":\"d\"}"),
      (Read{"a", "not JSON", "not JSON", "not an object", "not JSON", "not an object", "d"}));
}

// Each is parsed where the next one stands close behind it.
TEST(BatchReader, DoesNotReadIntoTheNextLine) {
  for (const std::string_view broken : {"{", "[", "\"", "{\"device_id\":\"a\"", "{\"device_id\":1", "{\"device_id\":{}",
                                        "tru", "12", "{\"device_id\":\"a\",", "{\"a\":[1,2]"})
    EXPECT_EQ(lines(std::string(broken) + "\n{\"device_id\":\"b\"}").back(), "b") << broken;
}

TEST(BatchReader, ReadsTheElementsOfAnArray) {
  EXPECT_EQ(array("[]"), Read{});
  EXPECT_EQ(array(" [ {\"device_id\":\"a\"},\n {\"device_id\":\"b\"} ] "), (Read{"a", "b"}));
  EXPECT_EQ(array(R"([{"device_id":"a"},null,5,[],"x",{"device_id":"b"}])"),
            (Read{"a", "not an object", "not an object", "not an object", "not an object", "b"}));
}

TEST(BatchReader, TakesNothingOfAnArrayThatIsNoJson) {
  for (const std::string_view text : {"[", "[{\"device_id\":\"a\"}", "[{\"device_id\":\"a\"},]",
                                      "[{\"device_id\":\"a\"}] x", "{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}", "x"})
    EXPECT_EQ(array(text), Read{"all: not JSON"}) << text;
}

TEST(BatchReader, SaysWhatIsNoBatch) {
  for (const std::string_view text : {"", " ", "\r\n\n\t"}) {
    EXPECT_EQ(lines(text), Read{"all: empty"});
    EXPECT_EQ(array(text), Read{"all: empty"});
  }
  for (const std::string_view text : {"{}", "5", "null", "\"[]\""}) EXPECT_EQ(array(text), Read{"all: not an array"});
}

TEST(BatchReader, ReadsOneBatchAfterAnother) {
  BatchReader reader;
  EXPECT_EQ(read_all(reader, "{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}", BatchForm::lines), (Read{"a", "b"}));
  EXPECT_EQ(read_all(reader, R"([{"device_id":"c"},{"device_id":"d"}])", BatchForm::array), (Read{"c", "d"}));
  // One that is left in the middle leaves nothing behind.
  EXPECT_FALSE(reader.begin("{\"device_id\":\"a\"}\n{\"device_id\":\"b\"}", BatchForm::lines));
  EXPECT_TRUE(reader.next());
  EXPECT_EQ(read_all(reader, R"({"device_id":"e"})", BatchForm::lines), Read{"e"});
}

}  // namespace
}  // namespace ubiety::json
