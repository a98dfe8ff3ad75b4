// JSONTestSuite: each case as the body, and as the value of a field that the service does not know.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "integration/http/faults.hpp"
#include "integration/http/shared_service.hpp"
#include "support/cases.hpp"
#include "support/json.hpp"
#include "support/temporary_directory.hpp"

namespace ubiety::test {
namespace {

// What the suite leaves to us. Refused: what is not UTF-8. Accepted, in a field that is ignored: numbers of any size,
// unpaired surrogates that are written as escapes, deep nesting. A byte order mark is accepted before the document
// alone.
enum class Verdict { accepted, accepted_as_body, refused };

const std::map<std::string, Verdict> pinned{
    {"i_number_double_huge_neg_exp", Verdict::accepted},
    {"i_number_huge_exp", Verdict::accepted},
    {"i_number_neg_int_huge_exp", Verdict::accepted},
    {"i_number_pos_double_huge_exp", Verdict::accepted},
    {"i_number_real_neg_overflow", Verdict::accepted},
    {"i_number_real_pos_overflow", Verdict::accepted},
    {"i_number_real_underflow", Verdict::accepted},
    {"i_number_too_big_neg_int", Verdict::accepted},
    {"i_number_too_big_pos_int", Verdict::accepted},
    {"i_number_very_big_negative_int", Verdict::accepted},
    {"i_object_key_lone_2nd_surrogate", Verdict::accepted},
    {"i_string_1st_surrogate_but_2nd_missing", Verdict::accepted},
    {"i_string_1st_valid_surrogate_2nd_invalid", Verdict::accepted},
    {"i_string_UTF-16LE_with_BOM", Verdict::refused},
    {"i_string_UTF-8_invalid_sequence", Verdict::refused},
    {"i_string_UTF8_surrogate_U+D800", Verdict::refused},
    {"i_string_incomplete_surrogate_and_escape_valid", Verdict::accepted},
    {"i_string_incomplete_surrogate_pair", Verdict::accepted},
    {"i_string_incomplete_surrogates_escape_valid", Verdict::accepted},
    {"i_string_invalid_lonely_surrogate", Verdict::accepted},
    {"i_string_invalid_surrogate", Verdict::accepted},
    {"i_string_invalid_utf-8", Verdict::refused},
    {"i_string_inverted_surrogates_U+1D11E", Verdict::accepted},
    {"i_string_iso_latin_1", Verdict::refused},
    {"i_string_lone_second_surrogate", Verdict::accepted},
    {"i_string_lone_utf8_continuation_byte", Verdict::refused},
    {"i_string_not_in_unicode_range", Verdict::refused},
    {"i_string_overlong_sequence_2_bytes", Verdict::refused},
    {"i_string_overlong_sequence_6_bytes", Verdict::refused},
    {"i_string_overlong_sequence_6_bytes_null", Verdict::refused},
    {"i_string_truncated-utf-8", Verdict::refused},
    {"i_string_utf16BE_no_BOM", Verdict::refused},
    {"i_string_utf16LE_no_BOM", Verdict::refused},
    {"i_structure_500_nested_arrays", Verdict::accepted},
    {"i_structure_UTF-8_BOM_empty_object", Verdict::accepted_as_body},
};

class JsonSuite : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    // The longest cases are longer than a body may be by default.
    service_ = std::make_unique<ServiceProcess>(Environment{{"MAX_BODY_BYTES", "1000000"}});
    service_->start();
  }
  static void TearDownTestSuite() {
    EXPECT_EQ(service_->terminate(), 0) << service_->log();
    service_.reset();
  }
  void SetUp() override { UBIETY_NEEDS_CASES("json/test_parsing"); }

  static std::vector<std::filesystem::path> files(std::string_view kind) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(cases_folder() / "json/test_parsing"))
      if (entry.path().filename().string().starts_with(kind)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    EXPECT_FALSE(files.empty());
    return files;
  }

  HttpResponse as_body(const std::string& text) { return client_.post("/status", text); }
  HttpResponse as_value(const std::string& text) {
    return client_.post(
        "/status",
        R"({"device_id":"d","timestamp":"2025-06-09T14:00:00Z","battery_level":76,"rssi":-60,"online":true,"extra":)" +
            text + "}");
  }

  static bool says_not_json(const HttpResponse& response) {
    return response.body.find("value_error.jsondecode") != std::string::npos;
  }

  static inline std::unique_ptr<ServiceProcess> service_;
  HttpClient client_{service_->port()};
};

TEST_F(JsonSuite, never_calls_json_otherwise) {
  for (const auto& file : files("y_")) {
    SCOPED_TRACE(file.filename());
    const auto text = read_file(file);
    const auto response = as_body(text);
    EXPECT_TRUE(response.status == 400 || response.status == 422) << response.status;
    EXPECT_FALSE(says_not_json(response)) << response.body;
    EXPECT_EQ(as_value(text).status, 200) << as_value(text).body;
  }
}

TEST_F(JsonSuite, what_is_not_json_is_refused) {
  for (const auto& file : files("n_")) {
    SCOPED_TRACE(file.filename());
    const auto text = read_file(file);
    if (text.empty())
      EXPECT_EQ(as_body(text).status, 422);  // no body at all
    else
      expect_not_json(as_body(text));
    // None of the cases becomes a document inside of ours.
    expect_not_json(as_value(text));
  }
}

TEST_F(JsonSuite, what_is_left_to_us_is_decided) {
  for (const auto& file : files("i_")) {
    SCOPED_TRACE(file.filename());
    const auto verdict = pinned.find(file.stem().string());
    ASSERT_NE(verdict, pinned.end()) << "not decided";
    const auto text = read_file(file);
    EXPECT_EQ(says_not_json(as_body(text)), verdict->second == Verdict::refused) << as_body(text).body;
    EXPECT_EQ(as_value(text).status, verdict->second == Verdict::accepted ? 200 : 400) << as_value(text).body;
  }
}

}  // namespace
}  // namespace ubiety::test
