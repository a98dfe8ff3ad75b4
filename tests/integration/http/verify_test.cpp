#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/postgres_server.hpp"

namespace ubiety::test {
namespace {

class Verify : public ::testing::TestWithParam<StoreKind> {
 protected:
  Verify() {
    service_.settings()["CHECKPOINT_INTERVAL"] = "1";
    service_.start();
    HttpClient client(service_.port());
    for (const char* device : {"a", "b", "c"})
      for (const char* time : {"2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z"})
        EXPECT_EQ(client.post("/status", Report{.device_id = device, .timestamp = time}.json()).status, 200);
  }

  Finished verify(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), "verify");
    return run_ubietyd(std::move(arguments), service_.settings(), service_.folder());
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(service_.port()); }

  ServiceProcess service_{with_new_database(GetParam())};
};
UBIETY_WITH_EACH_STORE(Verify);

TEST_P(Verify, finds_no_difference_with_a_running_node) {
  const auto finished = verify({"--url", url()});
  EXPECT_EQ(finished.status.code, 0) << finished.output << finished.error;
  EXPECT_EQ(finished.output, "3 devices verified, 0 differences\n");
}

TEST_P(Verify, finds_no_difference_after_a_stop) {
  EXPECT_EQ(service_.terminate(), 0);
  const auto finished = verify();
  EXPECT_EQ(finished.status.code, 0) << finished.output << finished.error;
  EXPECT_EQ(finished.output, "3 devices verified, 0 differences\n");
}

TEST_P(Verify, names_a_device_that_another_store_does_not_have) {
  ServiceProcess other(with_new_database(GetParam()));
  other.start();
  const auto finished = verify({"--url", "http://127.0.0.1:" + std::to_string(other.port())});
  EXPECT_EQ(finished.status.code, 1);
  EXPECT_NE(finished.output.find("b: the node serves nothing"), std::string::npos) << finished.output;
  EXPECT_NE(finished.output.find("3 devices verified, 3 differences"), std::string::npos) << finished.output;
}

TEST_P(Verify, says_so_when_the_node_does_not_answer) {
  EXPECT_EQ(service_.terminate(), 0);
  const auto finished = verify({"--url", url()});
  EXPECT_EQ(finished.status.code, 1);
  EXPECT_NE(finished.error.find(url()), std::string::npos) << finished.error;
}

class VerifyTampered : public ::testing::Test {
 protected:
  VerifyTampered() {
    service_.start();
    HttpClient client(service_.port());
    for (const char* device : {"a", "b"})
      EXPECT_EQ(client.post("/status", Report{.device_id = device}.json()).status, 200);
    EXPECT_EQ(service_.terminate(), 0);  // writes the checkpoint
  }

  std::string verified_after(const std::string& sql) {
    shared_postgres().execute("tampered", sql);
    const auto finished = run_ubietyd({"verify"}, service_.settings(), service_.folder());
    EXPECT_EQ(finished.status.code, finished.output.find(" 0 differences") == std::string::npos ? 1 : 0);
    return finished.output;
  }

  ServiceProcess service_{{{"DATABASE_URL", shared_postgres().create_database("tampered")}}};
};

TEST_F(VerifyTampered, tells_what_the_checkpoint_has_wrong) {
  const auto said = verified_after("UPDATE device_latest SET battery_level = 1 WHERE device_id = 'a'");
  EXPECT_NE(said.find("a: a start would recover"), std::string::npos) << said;
  EXPECT_NE(said.find("battery_level 1,"), std::string::npos) << said;
  EXPECT_NE(said.find("2 devices verified, 1 differences"), std::string::npos) << said;
}

TEST_F(VerifyTampered, tells_what_the_checkpoint_lacks) {
  const auto said = verified_after(
      "WITH gone AS (DELETE FROM device_latest WHERE device_id = 'b') "
      "UPDATE checkpoint SET watermark = watermark + interval '1 hour'");
  EXPECT_NE(said.find("b: a start would recover nothing"), std::string::npos) << said;
}

TEST_F(VerifyTampered, takes_an_expired_history_for_no_difference) {
  EXPECT_EQ(verified_after("DELETE FROM device_status WHERE device_id = 'b'"),
            "1 devices verified, 0 differences; the history of 1 more has expired\n");
}

}  // namespace
}  // namespace ubiety::test
