// A batch does the same as its reports one after the other: every report has the same verdict and the same faults, and
// the devices have the same latest status and history afterwards. No report is too far ahead: that fault names a
// moment.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/history_of.hpp"
#include "support/json.hpp"

namespace ubiety::test {
namespace {

constexpr int devices = 3;

// A report, or what is none, of one of a few devices: NAME stands for what their names begin with.
rc::Gen<std::string> any_report() {
  const auto good = rc::gen::apply(
      [](int device, int second, int battery, bool online) {
        return Report{.device_id = "NAME-" + std::to_string(device),
                      .timestamp = "2025-06-09T14:00:0" + std::to_string(second) + "Z",
                      .battery_level = battery,
                      .online = online}
            .json();
      },
      rc::gen::inRange(0, devices), rc::gen::inRange(0, 5), rc::gen::inRange(50, 52), rc::gen::arbitrary<bool>());
  const auto with_faults = rc::gen::apply(
      [](std::string_view field, std::string_view value) {
        std::string report = Report{.device_id = "NAME-0"}.json();
        return report.insert(1, "\"" + std::string(field) + "\":" + std::string(value) + ",");  // given twice
      },
      rc::gen::element<std::string_view>("rssi", "online", "device_id", "timestamp", "other"),
      rc::gen::element<std::string_view>("null", "5", "\"x\"", "{}"));
  const auto of_one_field =
      rc::gen::map(rc::gen::element<std::string_view>(R"("rssi":-200)", R"("battery_level":"76")",
                                                      R"("timestamp":"tomorrow")", R"("device_id":"summary")", ""),
                   [](std::string_view field) { return "{" + std::string(field) + "}"; });
  const auto no_object = rc::gen::element<std::string>("5", "null", "[]", "\"x\"");
  return rc::gen::weightedOneOf<std::string>({{8, good}, {2, with_faults}, {1, of_one_field}, {1, no_object}});
}

// What only lines can hold: an array of which a part is no JSON is none.
rc::Gen<std::string> any_line() {
  return rc::gen::weightedOneOf<std::string>(
      {{9, any_report()},
       {1, rc::gen::element<std::string>("{", "nope", "{\"rssi\":1}}", "\xFF", "{\"a\":\"\xFF\"}")}});
}

rc::Gen<std::vector<std::string>> several(rc::Gen<std::string> one) {
  constexpr int most = 30;  // each is posted alone, too
  return rc::gen::resize(most, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(std::move(one))));
}

std::string named(std::string report, const std::string& name) {
  const std::string placeholder = "NAME";
  if (const auto at = report.find(placeholder); at != std::string::npos) report.replace(at, placeholder.size(), name);
  return report;
}

class BatchEquivalence : public EachStore {
 protected:
  void compare(const std::vector<std::string>& reports, const Json& answer, const std::string& batch_name);

  // All that is known of the devices, without their names and the times of receipt.
  std::vector<std::string> known_of(const std::string& name) {
    std::vector<std::string> known;
    for (int i = 0; i < devices; ++i) {
      const auto device = name + "-" + std::to_string(i);
      known.push_back(latest_of(client_, device));
      for (const auto& record : history_of(client_, device)) known.push_back(record);
    }
    return known;
  }
};

void BatchEquivalence::compare(const std::vector<std::string>& reports, const Json& answer,
                               const std::string& batch_name) {
  const auto single_name = fresh_device("single");
  std::int64_t accepted = 0;
  std::vector<std::string> details;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    const auto response = client_.post("/status", named(reports[i], single_name));
    RC_ASSERT(response.status == 200 || response.status == 400 || response.status == 422);
    RC_ASSERT((answer["results"][i].text() == "rejected") == (response.status != 200));
    accepted += response.status == 200 ? 1 : 0;
    if (response.status != 200) details.push_back(Json(response.body)["detail"].dump());
  }
  RC_ASSERT(answer["accepted"].integer() == accepted);
  std::vector<std::string> said;
  for (const auto& error : answer["errors"].elements()) said.push_back(error["detail"].dump());
  RC_ASSERT(said == details);
  RC_ASSERT(known_of(batch_name) == known_of(single_name));
}

TEST_P(BatchEquivalence, holds_for_lines_and_single_reports) {
  EXPECT_TRUE(rc::check([this] {
    const auto lines = *several(any_line());
    const auto name = fresh_device("lines");
    std::vector<std::string> reports;
    for (const auto& line : lines) reports.push_back(named(line, name));
    compare(lines, Json(post_batch(client_, ndjson_of(reports)).body), name);
  }));
}

TEST_P(BatchEquivalence, holds_for_an_array_and_single_reports) {
  EXPECT_TRUE(rc::check([this] {
    const auto elements = *several(any_report());
    const auto name = fresh_device("array");
    std::vector<std::string> reports;
    for (const auto& element : elements) reports.push_back(named(element, name));
    const auto response =
        client_.request("POST", "/status/batch", {{"Prefer", "return=representation"}}, array_of(reports));
    compare(elements, Json(response.body), name);
  }));
}

UBIETY_WITH_EACH_STORE(BatchEquivalence);

}  // namespace
}  // namespace ubiety::test
