#include "json/writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "support/json.hpp"

namespace ubiety::json {
namespace {

using namespace std::string_view_literals;

std::string string_text(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

template <class Integer>
std::string number_text(Integer value) {
  std::string out;
  append_number(out, value);
  return out;
}

TEST(Writer, quotes_and_escapes_only_where_required) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", R"("")"},           {"sensor-1", R"("sensor-1")"},
      {"\"", R"("\"")"},       {"\\", R"("\\")"},
      {"\\\"", R"("\\\"")"},   {"a\"b\\c", R"("a\"b\\c")"},
      {"a/b", R"("a/b")"},     {"<&'>", R"("<&'>")"},
      {"\x7F", "\"\x7F\""},    {"K\u00FChl \u2028 \U0001F600", "\"K\u00FChl \u2028 \U0001F600\""},
      {"\0"sv, R"("\u0000")"}, {"a\0b"sv, R"("a\u0000b")"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(string_text(text), expected);
}

TEST(Writer, escapes_every_control_character) {
  const std::string_view escapes[] = {"\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006",
                                      "\\u0007", "\\b",     "\\t",     "\\n",     "\\u000b", "\\f",     "\\r",
                                      "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014",
                                      "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b",
                                      "\\u001c", "\\u001d", "\\u001e", "\\u001f"};
  char c = 0;
  for (const auto escape : escapes) {
    EXPECT_EQ(string_text(std::string_view(&c, 1)), "\"" + std::string(escape) + "\"");
    ++c;
  }
}

TEST(Writer, appends) {
  std::string out = "[";
  append_string(out, "a");
  append_number(out, 1);
  append_boolean(out, true);
  append_boolean(out, false);
  append_timestamp(out, {1});
  EXPECT_EQ(out, R"(["a"1truefalse"1970-01-01T00:00:00.000001Z")");
}

TEST(Writer, writes_whole_numbers) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-160), "-160");
  EXPECT_EQ(number_text(std::uint8_t{100}), "100");
  EXPECT_EQ(number_text(std::int16_t{-60}), "-60");
  EXPECT_EQ(number_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(number_text(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(Writer, writes_timestamps) {
  const std::pair<Timestamp, std::string_view> cases[] = {
      {{0}, R"("1970-01-01T00:00:00Z")"},
      {earliest_timestamp, R"("0000-01-01T00:00:00Z")"},
      {latest_timestamp, R"("9999-12-31T23:59:59.999999Z")"},
  };
  for (const auto& [instant, expected] : cases) {
    std::string out;
    append_timestamp(out, instant);
    EXPECT_EQ(out, expected);
  }
}

template <class Fill>
std::string object_text(Fill fill) {
  std::string out;
  append_object(out, fill);
  return out;
}

TEST(Writer, writes_objects_with_their_commas) {
  EXPECT_EQ(object_text([](Object&) {}), "{}");
  EXPECT_EQ(object_text([](Object& object) { object.member("id", 1); }), R"({"id":1})");
  const auto text = object_text([](Object& object) {
    object.member("name", "a\"b");
    object.member("view", "c"sv);
    object.member("string", std::string("d"));
    object.member("online", true);
    object.member("created", Timestamp{0});
    object.member("expires", std::optional<Timestamp>());
    object.member("replaces", std::optional<std::int64_t>(7));
    object.begin_member("raw").append("[1.5]");
  });
  EXPECT_EQ(text, R"({"name":"a\"b","view":"c","string":"d","online":true,"created":"1970-01-01T00:00:00Z",)"
                  R"("expires":null,"replaces":7,"raw":[1.5]})");
}

TEST(Writer, writes_arrays_with_their_commas) {
  std::string out = "history ";
  append_array(out, [](Array&) {});
  append_array(out, [](Array& array) {
    array.element("a");
    array.element(-2);
    array.begin_element().append("null");
  });
  EXPECT_EQ(out, R"(history []["a",-2,null])");
}

TEST(Writer, writes_nested_objects_and_arrays) {
  const auto text = object_text([](Object& page) {
    page.array("rows", [](Array& rows) {
      for (const int id : {1, 2}) rows.object([id](Object& row) { row.member("id", id); });
      rows.array([](Array& inner) { inner.element(3); });
    });
    page.object("none", [](Object&) {});
    page.member("has_more", false);
  });
  EXPECT_EQ(text, R"({"rows":[{"id":1},{"id":2},[3]],"none":{},"has_more":false})");
}

void append_utf8(std::string& out, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) return put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  if (c < 0x10000) return put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
}

// Half of the characters are ASCII, which has all characters that need an escape.
rc::Gen<std::uint32_t> any_character() {
  return rc::gen::oneOf(rc::gen::inRange(0u, 0x80u), rc::gen::inRange(0x80u, 0xD800u), rc::gen::inRange(0u, 0x30u),
                        rc::gen::inRange(0xE000u, 0x110000u));
}

RC_GTEST_PROP(Writer, writes_strings_that_simdjson_reads_back, ()) {
  std::string text;
  for (const auto c : *rc::gen::container<std::vector<std::uint32_t>>(any_character())) append_utf8(text, c);
  RC_ASSERT(test::Json(string_text(text)).text() == text);
}

RC_GTEST_PROP(Writer, writes_numbers_that_simdjson_reads_back, ()) {
  const auto value = *rc::gen::arbitrary<std::int64_t>();
  RC_ASSERT(test::Json(number_text(value)).integer() == value);
}

TEST(Writer, writes_decimals_with_at_most_six_digits_behind_the_point) {
  const std::pair<double, const char*> cases[] = {{0, "0"},           {-0.0, "0"},
                                                  {76, "76"},         {100, "100"},
                                                  {1.5, "1.5"},       {2.0 / 3, "0.666667"},
                                                  {-60.25, "-60.25"}, {1e-7, "0"},
                                                  {-1e-7, "0"},       {1e15, "1000000000000000"},
                                                  {3600, "3600"}};
  for (const auto& [value, expected] : cases) {
    std::string text;
    append_decimal(text, value);
    EXPECT_EQ(text, expected);
  }
}

}  // namespace
}  // namespace ubiety::json
