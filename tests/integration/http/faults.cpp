#include "integration/http/faults.hpp"

#include <gtest/gtest.h>

#include "support/json.hpp"

namespace ubiety::test {
namespace {

std::string detail_of(const std::vector<Fault>& faults, const Json& received) {
  std::string detail;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const auto& fault = faults[i];
    std::string msg = fault.msg;
    if (msg.empty()) {
      msg = received[i]["msg"].text();
      EXPECT_FALSE(msg.empty());
    }
    if (i > 0) detail += ',';
    detail += "{\"loc\":" + fault.loc + ",\"msg\":" + json_string(msg) + ",\"type\":" + json_string(fault.type);
    if (!fault.ctx.empty()) detail += ",\"ctx\":" + fault.ctx;
    detail += '}';
  }
  return "{\"detail\":[" + detail + "]}";
}

}  // namespace

void expect_faults(const HttpResponse& response, int status, const std::vector<Fault>& faults) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  const Json detail = Json(response.body)["detail"];
  ASSERT_EQ(detail.size(), faults.size()) << response.body;
  EXPECT_EQ(response.body, detail_of(faults, detail));
}

void expect_not_json(const HttpResponse& response) {
  EXPECT_EQ(response.status, 400) << response.body;
  const Json entry = Json(response.body)["detail"][std::size_t{0}];
  if (!entry.contains("ctx")) return expect_faults(response, 400, {{"[\"body\"]", "", "value_error.jsondecode", ""}});
  const std::string position = std::to_string(entry["ctx"]["pos"].integer());
  expect_faults(response, 400,
                {{"[\"body\"," + position + "]", "", "value_error.jsondecode", "{\"pos\":" + position + "}"}});
}

}  // namespace ubiety::test
