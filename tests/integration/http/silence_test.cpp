// Who is stale: a device that was not heard for STALE_AFTER, whatever its clock says.
#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/json.hpp"
#include "support/metrics.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;

class Silence : public ::testing::TestWithParam<StoreKind> {
 protected:
  Silence() {
    service_.settings()["STALE_AFTER"] = "2";
    service_.start();
  }

  void accept(const std::string& device, const std::string& timestamp) {
    HttpClient client(service_.port());
    EXPECT_EQ(client.post("/status", Report{.device_id = device, .timestamp = timestamp}.json()).status, 200);
  }
  Json latest(const std::string& device) { return Json(HttpClient(service_.port()).get("/status/" + device).body); }
  bool is_stale(const std::string& device) { return latest(device)["stale"].boolean(); }
  std::string stale_ones() {
    std::string ids;
    for (const auto& device :
         Json(HttpClient(service_.port()).get("/status/summary?stale=true").body)["devices"].elements())
      ids += device["device_id"].text() + " ";
    return ids;
  }

  ServiceProcess service_{with_new_database(GetParam())};
};
UBIETY_WITH_EACH_STORE(Silence);

TEST_P(Silence, begins_when_a_device_was_not_heard_and_ends_with_any_report) {
  accept("a", "2026-01-01T00:00:00Z");
  EXPECT_FALSE(is_stale("a"));
  EXPECT_TRUE(wait_until([&] { return is_stale("a"); }, 10s));
  EXPECT_EQ(stale_ones(), "a ");
  EXPECT_EQ(scrape(service_.port()).at("ubiety_devices_stale"), 1);
  const auto silent = latest("a");
  EXPECT_GT(silent["was_due"].text(), silent["last_heard"].text());
  EXPECT_TRUE(silent["online"].boolean()) << "what the device said of itself stays";
  accept("a", "1970-01-01T00:00:00Z");
  EXPECT_FALSE(is_stale("a")) << "a late report";
  EXPECT_FALSE(latest("a").contains("was_due"));
  EXPECT_TRUE(wait_until([&] { return is_stale("a"); }, 10s));
  accept("a", "1970-01-01T00:00:00Z");
  EXPECT_FALSE(is_stale("a")) << "a repeated report";
  EXPECT_EQ(stale_ones(), "");
}

TEST_P(Silence, is_noticed_by_the_tag_of_a_summary) {
  accept("a", "2026-01-01T00:00:00Z");
  HttpClient client(service_.port());
  const auto before = client.get("/status/summary").header("ETag");
  EXPECT_TRUE(wait_until([&] { return is_stale("a"); }, 10s));
  EXPECT_EQ(client.request("GET", "/status/summary", {{"If-None-Match", before}}).status, 200);
}

// What was silent before a crash is silent after it; the time between does not count.
TEST_P(Silence, goes_on_after_a_crash) {
  accept("a", "2026-01-01T00:00:00Z");
  EXPECT_TRUE(wait_until([&] { return is_stale("a"); }, 10s));
  accept("b", "2026-01-01T00:00:00Z");
  service_.kill_hard();
  service_.start();
  EXPECT_TRUE(wait_until([&] { return is_stale("a"); }, 10s));
  EXPECT_TRUE(wait_until([&] { return is_stale("b"); }, 10s));
}

}  // namespace
}  // namespace ubiety::test
