// /fleet/mutes: who is muted is in no count and no list of problems, until the mute ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/http/keys/keyed_service.hpp"
#include "integration/http/shared_service.hpp"
#include "support/json.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Ids = std::vector<std::string>;

constexpr auto far_away = "2099-01-01T00:00:00Z";

class MutesOfAService : public ::testing::TestWithParam<StoreKind> {
 protected:
  MutesOfAService() : service_(with_new_database(GetParam())) {
    service_.settings()["SHARDS"] = "2";
    service_.start();
  }

  void report(const std::string& device, int battery_level = 5) {
    const Report report{.device_id = device, .battery_level = battery_level};
    ASSERT_EQ(HttpClient(service_.port()).post("/status", report.json()).status, 200);
  }
  HttpResponse send(const std::string& method, const std::string& target, const std::string& until = {}) {
    const auto body = until.empty() ? std::string() : R"({"until":)" + json_string(until) + "}";
    return HttpClient(service_.port())
        .request(method, "/fleet/mutes/" + target, {{"Content-Type", "application/json"}}, body);
  }
  Json get(const std::string& target) { return Json(HttpClient(service_.port()).get(target).body); }
  std::string listed() { return get("/fleet/mutes").dump(); }

  static Ids ids_in(const Json& list) {
    Ids ids;
    for (const auto& device : list["devices"].elements()) ids.push_back(device["device_id"].text());
    return ids;
  }
  Ids with(const std::string& filter) { return ids_in(get("/status/summary?sort=device_id&" + filter)); }
  bool overview_becomes(std::int64_t muted, std::int64_t low_batteries) {
    return wait_until(
        [&] {
          const auto overview = get("/fleet/overview");
          return overview["muted"].integer() == muted &&
                 overview["problems"]["battery_low"].integer() == low_batteries &&
                 overview["devices_with_problems"].integer() == low_batteries;
        },
        5s);
  }

  ServiceProcess service_;
};
UBIETY_WITH_EACH_STORE(MutesOfAService);

TEST_P(MutesOfAService, take_devices_out_of_counts_and_lists_of_problems) {
  for (const auto* device : {"gw1-a", "gw1-b", "gw2-a"}) report(device);
  EXPECT_TRUE(overview_becomes(0, 3));
  EXPECT_EQ(send("PUT", "device/gw2-a", far_away).body,
            R"({"device_id":"gw2-a","until":"2099-01-01T00:00:00Z","by":null})");
  EXPECT_TRUE(overview_becomes(1, 2));
  EXPECT_THAT(ids_in(get("/fleet/attention")), ElementsAre("gw1-a", "gw1-b"));
  EXPECT_EQ(send("PUT", "prefix/gw1-", far_away).body, R"({"prefix":"gw1-","until":"2099-01-01T00:00:00Z","by":null})");
  EXPECT_TRUE(overview_becomes(3, 0));
  EXPECT_THAT(ids_in(get("/fleet/attention")), IsEmpty());
  report("gw1-c");
  EXPECT_TRUE(overview_becomes(4, 0)) << "a device that comes later is muted, too";
  EXPECT_EQ(send("DELETE", "prefix/gw1-").status, 204);
  EXPECT_TRUE(overview_becomes(1, 3));
  EXPECT_EQ(get("/fleet/overview")["devices"].integer(), 4);
}

TEST_P(MutesOfAService, select_devices_of_a_summary) {
  for (const auto* device : {"gw1-a", "gw1-b", "gw2-a"}) report(device);
  report("gw1-good", 90);
  ASSERT_EQ(send("PUT", "prefix/gw1-", far_away).status, 200);
  EXPECT_THAT(with("muted=true"), ElementsAre("gw1-a", "gw1-b", "gw1-good"));
  EXPECT_THAT(with("muted=false"), ElementsAre("gw2-a"));
  EXPECT_THAT(with("problem=battery_low"), ElementsAre("gw2-a")) << "as they are counted";
  EXPECT_THAT(with("problem=any&muted=true"), ElementsAre("gw1-a", "gw1-b"));
  EXPECT_EQ(get("/status/summary?sort=device_id&fields=muted&limit=1")["devices"][0]["muted"].text(), far_away);
}

TEST_P(MutesOfAService, outlive_a_restart) {
  report("a");
  report("b");
  ASSERT_EQ(send("PUT", "device/a", far_away).status, 200);
  ASSERT_EQ(send("PUT", "prefix/z%2F%22", "2099-01-01T02:00:00.5+02:00").status, 200);
  const auto before = listed();
  EXPECT_EQ(before, R"({"mutes":[{"device_id":"a","until":"2099-01-01T00:00:00Z","by":null},)"
                    R"({"prefix":"z/\"","until":"2099-01-01T00:00:00.5Z","by":null}]})");
  service_.kill_hard();
  service_.start();
  EXPECT_TRUE(wait_until([&] { return get("/fleet/mutes").contains("mutes"); }, 10s));
  EXPECT_EQ(listed(), before);
  EXPECT_TRUE(overview_becomes(1, 1));
}

TEST_P(MutesOfAService, end_by_themselves) {
  report("a");
  const auto soon = utc_text(std::chrono::system_clock::now() + 2s);
  ASSERT_EQ(send("PUT", "device/a", soon).status, 200);
  EXPECT_TRUE(overview_becomes(1, 0));
  EXPECT_TRUE(wait_until([&] { return listed() == R"({"mutes":[]})"; }, 10s));
  EXPECT_GE(utc_text(std::chrono::system_clock::now()), soon);
  EXPECT_TRUE(overview_becomes(0, 1));
  EXPECT_THAT(get("/fleet/events").dump(), HasSubstr(R"("kind":"unmuted","device_id":"a"})"));
  service_.restart();
  EXPECT_TRUE(wait_until([&] { return get("/fleet/mutes").contains("mutes"); }, 10s));
  EXPECT_EQ(listed(), R"({"mutes":[]})");
}

TEST_P(MutesOfAService, are_replaced_and_ended) {
  ASSERT_EQ(send("PUT", "device/a", far_away).status, 200);
  ASSERT_EQ(send("PUT", "device/a", "2098-01-01T00:00:00Z").status, 200);
  EXPECT_EQ(listed(), R"({"mutes":[{"device_id":"a","until":"2098-01-01T00:00:00Z","by":null}]})");
  EXPECT_EQ(send("DELETE", "prefix/a").status, 404);
  EXPECT_EQ(send("DELETE", "device/a").status, 204);
  EXPECT_EQ(send("DELETE", "device/a").status, 404);
  EXPECT_EQ(listed(), R"({"mutes":[]})");
}

TEST_P(MutesOfAService, have_their_faults_named) {
  for (const auto* until : {"2020-01-01T00:00:00Z", "tomorrow"})
    EXPECT_EQ(send("PUT", "device/a", until).status, 400) << until;
  EXPECT_EQ(send("PUT", "device/a").status, 422);
  for (const auto* target : {"device/%zz", "device/summary", "device/a%00", "prefix/%FF", "prefix/%0A"}) {
    EXPECT_EQ(send("PUT", target, far_away).status, 400) << target;
    EXPECT_EQ(send("DELETE", target).status, 400) << target;
  }
  EXPECT_EQ(send("PUT", "prefix/summary", far_away).status, 200) << "ids may begin with it";
}

TEST(MutesWithKeys, are_set_by_administrators_and_read_by_readers) {
  KeyedService service(StoreKind::sqlite);
  const auto read = service.create("read").text;
  const auto admin = service.create("admin");
  service.start();
  const auto put = [&](const std::string& key) {
    return service.request("PUT", "/fleet/mutes/device/a", key, R"({"until":"2099-01-01T00:00:00Z"})");
  };
  EXPECT_EQ(put(read).status, 403);
  const auto mute = R"({"device_id":"a","until":"2099-01-01T00:00:00Z","by":)" + std::to_string(admin.id) + "}";
  EXPECT_EQ(put(admin.text).body, mute);
  EXPECT_EQ(service.get("/fleet/mutes", read).body, R"({"mutes":[)" + mute + "]}");
  EXPECT_EQ(service.request("DELETE", "/fleet/mutes/device/a", read).status, 403);
  EXPECT_EQ(service.request("DELETE", "/fleet/mutes/device/a", admin.text).status, 204);
  const auto log = service.process().log();
  EXPECT_THAT(log, HasSubstr("muted"));
  EXPECT_THAT(log, HasSubstr("unmuted"));
}

}  // namespace
}  // namespace ubiety::test
