#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/certificate.hpp"
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

// `verify` asks a node that speaks TLS and wants keys.
class VerifyProtected : public ::testing::Test {
 protected:
  VerifyProtected() {
    const Environment protected_by{{"ENABLE_AUTH", "true"},
                                   {"TLS_CERT", certificate_.certificate.string()},
                                   {"TLS_KEY", certificate_.key.string()}};
    for (const auto& setting : protected_by) service_.settings().insert(setting);
    EXPECT_EQ(ubietyd({"migrate", "up"}).status.code, 0);
    reading_ = ubietyd({"keys", "create", "verify", "--scope", "read"}).output;
    reporting_ = ubietyd({"keys", "create", "device", "--scope", "ingest"}).output;
    service_.start();
  }

  Finished ubietyd(std::vector<std::string> arguments, const Environment& more = {}) {
    auto settings = service_.settings();
    settings.insert(more.begin(), more.end());
    return run_ubietyd(std::move(arguments), settings, service_.folder());
  }

  std::vector<std::string> verify(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"verify", "--url", "https://127.0.0.1:" + std::to_string(service_.port())};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::string trusting() const { return "--ca-file=" + certificate_.certificate.string(); }

  TemporaryDirectory folder_;
  Certificate certificate_ = make_certificate(folder_.path());
  ServiceProcess service_;
  std::string reading_, reporting_;  // keys, each with its end of line
};

TEST_F(VerifyProtected, takes_a_key_from_the_environment_or_a_file) {
  reading_.pop_back();
  const auto by_variable = ubietyd(verify({trusting()}), {{"UBIETY_API_KEY", reading_}});
  EXPECT_EQ(by_variable.output, "0 devices verified, 0 differences\n") << by_variable.error;
  write_file(folder_.path() / "key", reading_ + "\r\n");
  const auto by_file = ubietyd(verify({trusting(), "--api-key-file", (folder_.path() / "key").string()}),
                               {{"UBIETY_API_KEY", "of another service"}});
  EXPECT_EQ(by_file.output, "0 devices verified, 0 differences\n") << by_file.error;
}

TEST_F(VerifyProtected, says_what_is_missing) {
  reporting_.pop_back();
  const std::tuple<std::vector<std::string>, Environment, int, const char*> cases[] = {
      {{}, {}, 1, "certificate"},
      {{trusting()}, {}, 1, "an API key of scope read"},
      {{trusting()}, {{"UBIETY_API_KEY", reporting_}}, 1, "an API key of scope read"},
      {{trusting(), "--api-key-file", "none"}, {}, 2, "--api-key-file: none: No such file"},
      {{"--ca-file", "none"}, {}, 2, "--ca-file: none: No such file"},
      {{trusting()}, {{"UBIETY_API_KEY", "two words"}}, 2, "not one word"},
  };
  for (const auto& [arguments, environment, code, reason] : cases) {
    const auto finished = ubietyd(verify(arguments), environment);
    EXPECT_EQ(finished.status.code, code) << finished.error;
    EXPECT_NE(finished.error.find(reason), std::string::npos) << finished.error;
    EXPECT_EQ((finished.error + finished.output).find(reporting_), std::string::npos);
  }
  for (const char* url : {"localhost:8000", "file:///etc/passwd", "ftp://localhost", "http://u:p@localhost"})
    EXPECT_EQ(ubietyd({"verify", "--url", url}).status.code, 2) << url;
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
