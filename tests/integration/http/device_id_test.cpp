#include <gtest/gtest.h>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

std::string repeated(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

const std::string emoji = "\xF0\x9F\x8C\xA1";

class DeviceIds : public EachStore {
 protected:
  HttpResponse post_as(std::string_view id_in_json) {
    return client_.post("/status", body_with("device_id", id_in_json));
  }
};

TEST_P(DeviceIds, come_back_as_they_were_whatever_their_kind) {
  const std::vector<std::string> ids{"a",
                                     "sensor-abc-123",
                                     "with space",
                                     " leading and trailing ",
                                     "a/b/c",
                                     "/",
                                     "a?b#c&d=e+f%41",
                                     "...",
                                     "..a",
                                     "\\.",
                                     "\\N",
                                     "\\t\\n",
                                     "\\",
                                     "\"quoted\"",
                                     "'; DROP TABLE device_status; --",
                                     "{a,b}",
                                     "a,b\"c\"",
                                     "NULL",
                                     "history",
                                     "Summary",
                                     "summary ",
                                     "\xC3\xA9\xE4\xB8\xAD" + emoji,
                                     "\xC2\x80\xE2\x80\xA8\xEF\xBF\xBF",
                                     "e\xCC\x81",
                                     "<script>",
                                     repeated("x", 255),
                                     repeated(emoji, 255)};
  for (const auto& id : ids) {
    SCOPED_TRACE(id);
    const Report report{.device_id = id};
    const auto response = client_.post("/status", report.json());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(Json(response.body)["device_id"].text(), id);
    EXPECT_EQ(Json(latest(id))["device_id"].text(), id);
    const Json past(history(id));
    EXPECT_EQ(past["device_id"].text(), id);
    EXPECT_EQ(past["total_records"].integer(), 1);
  }
}

TEST_P(DeviceIds, differ_by_every_byte) {
  accept({.device_id = "Case-a", .battery_level = 1});
  accept({.device_id = "case-a", .battery_level = 2});
  accept({.device_id = "case-a ", .battery_level = 3});
  accept({.device_id = "case-\xC3\xA1", .battery_level = 4});
  accept({.device_id = "case-a\xCC\x81", .battery_level = 5});
  EXPECT_EQ(Json(latest("Case-a"))["battery_level"].integer(), 1);
  EXPECT_EQ(Json(latest("case-a"))["battery_level"].integer(), 2);
  EXPECT_EQ(Json(history("case-a "))["total_records"].integer(), 1);
  EXPECT_EQ(Json(history("case-\xC3\xA1"))["history"][std::size_t{0}]["battery_level"].integer(), 4);
}

TEST_P(DeviceIds, are_the_same_when_written_with_escapes) {
  accept({.device_id = "esc-\xC3\xA9" + emoji, .battery_level = 1});
  EXPECT_EQ(post_as(R"("esc-\u00e9\ud83c\udf21")").status, 200);
  EXPECT_EQ(Json(latest("esc-\xC3\xA9" + emoji))["battery_level"].integer(), 76);
}

TEST_P(DeviceIds, are_refused_when_too_short_or_too_long) {
  expect_faults(post_as("\"\""), 400,
                {body_fault("device_id", "ensure this value has at least 1 characters",
                            "value_error.any_str.min_length", R"({"limit_value":1})")});
  for (const auto& id :
       {repeated("x", 256), repeated(emoji, 256), repeated("\\ud83c\\udf21", 256), repeated("x", 5000)})
    expect_faults(post_as("\"" + id + "\""), 400,
                  {body_fault("device_id", "ensure this value has at most 255 characters",
                              "value_error.any_str.max_length", R"({"limit_value":255})")});
}

TEST_P(DeviceIds, are_refused_with_control_characters_reserved_words_and_unpaired_surrogates) {
  for (const char* id :
       {R"("a\u0000b")", R"("\u0000")", R"("a\tb")", R"("a\nb")", R"("\r")", R"("\u001f")", R"("\u001b[31m")",
        R"("a\u007f")", "\"a\x7F\"", R"("a\b\f")", R"("summary")", R"("summ\u0061ry")", R"(".")", R"("..")",
        R"("\u002e.")", R"("\ud800")", R"("\udc00")", R"("\ud83c x")", R"("\ud83c\u0041")"}) {
    SCOPED_TRACE(id);
    expect_faults(post_as(id), 400, {body_fault("device_id", "", "value_error.device_id")});
  }
}

TEST_P(DeviceIds, are_refused_in_a_path_when_no_device_can_have_them) {
  for (const char* path : {"/status/%2e", "/status/.%2E", "/status/..", "/status/../history", "/status/%2e/history",
                           "/status/summary/history", "/status/s%75mmary"}) {
    SCOPED_TRACE(path);
    expect_faults(client_.get(path), 400, {{R"(["path","device_id"])", "", "value_error.device_id", ""}});
  }
}

TEST_P(DeviceIds, are_refused_when_they_are_no_text) {
  for (const char* id : {"\"a\tb\"", "\"a\nb\"", "\"\xFF\"", "\"\xC3\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"",
                         "\"\xF4\x90\x80\x80\"", "\"\xE2\x82\"", R"("\x")", R"("\u12")"}) {
    SCOPED_TRACE(id);
    expect_not_json(post_as(id));
  }
  expect_not_json(post_as(std::string_view("\"a\0b\"", 5)));
}

TEST_P(DeviceIds, leave_their_neighbours_unharmed_when_they_are_bad) {
  const auto good = fresh_device("neighbour");
  std::string together;
  const auto request = [](const std::string& body) { return format_request("a", "POST", "/status", {}, body); };
  for (int i = 0; i < 20; ++i) {
    together += request(body_with("device_id", i % 2 == 0 ? R"("bad\n\\.")" : "\"\xFF\\.\""));
    together += request(Report{.device_id = good, .battery_level = i}.json());
  }
  client_.send_raw(together);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client_.read_response().status, 400);
    EXPECT_EQ(client_.read_response().status, 200);
  }
  EXPECT_EQ(Json(history(good))["total_records"].integer(), 20);
}

UBIETY_WITH_EACH_STORE(DeviceIds);

}  // namespace
}  // namespace ubiety::test
