#include <gtest/gtest.h>

#include "integration/http/shared_service.hpp"
#include "support/batch.hpp"
#include "support/certificate.hpp"
#include "support/store_sql.hpp"
#include "support/wait_until.hpp"

namespace ubiety::test {
namespace {

class Verify : public ::testing::TestWithParam<StoreKind> {
 protected:
  Verify() {
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

// A stopped service, whose store has the history of `a` and `b` in segments and an update of `c` in the log.
class VerifyTampered : public ::testing::TestWithParam<StoreKind> {
 protected:
  VerifyTampered() {
    service_.settings()["TAIL_MEMORY"] = "1024";
    service_.start();
    HttpClient client(service_.port());
    std::vector<std::string> reports;  // in one commit, so that one merge moves them
    for (int second = 10; second < 60; ++second)
      for (const char* device : {"a", "b"})
        reports.push_back(
            Report{.device_id = device, .timestamp = "2026-01-01T00:00:" + std::to_string(second) + "Z"}.json());
    EXPECT_EQ(post_batch(client, ndjson_of(reports)).status, 200);
    EXPECT_TRUE(
        wait_until([this] { return execute("SELECT count(*) FROM device_latest") == "2"; }, std::chrono::seconds(10)));
    EXPECT_TRUE(
        wait_until([this] { return execute("SELECT count(*) FROM update_log") == "0"; }, std::chrono::seconds(10)));
    EXPECT_EQ(client.post("/status", Report{.device_id = "c"}.json()).status, 200);
    EXPECT_EQ(service_.terminate(), 0);
  }

  std::string execute(const std::string& sql) { return execute_in_store_of(service_, sql).value_or(""); }

  // Runs the SQL of the store's kind.
  void tamper(const std::string& sqlite, const std::string& postgresql) {
    execute(GetParam() == StoreKind::sqlite ? sqlite : postgresql);
  }

  std::string verify(int code, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), "verify");
    const auto finished = run_ubietyd(arguments, service_.settings(), service_.folder());
    EXPECT_EQ(finished.status.code, code) << finished.output << finished.error;
    return finished.output;
  }

  ServiceProcess service_{with_new_database(GetParam())};
};
UBIETY_WITH_EACH_STORE(VerifyTampered);

constexpr const char* good = "3 devices verified, 0 differences\n";

TEST_P(VerifyTampered, finds_nothing_wrong_where_nothing_is) { EXPECT_EQ(verify(0), good); }

TEST_P(VerifyTampered, reports_a_wrong_latest_status_and_repairs_it) {
  execute("UPDATE device_latest SET battery_level = 1 WHERE device_id = 'a'");
  const auto report = verify(1);
  EXPECT_NE(report.find("a: a start would recover"), std::string::npos) << report;
  EXPECT_NE(report.find("battery_level 1,"), std::string::npos) << report;
  EXPECT_NE(report.find("3 devices verified, 1 differences"), std::string::npos) << report;
  const auto repaired = verify(0, {"--repair"});
  EXPECT_NE(repaired.find("\n1 latest statuses repaired\n"), std::string::npos) << repaired;
  EXPECT_EQ(verify(0), good);
}

TEST_P(VerifyTampered, reports_a_missing_latest_status_and_repairs_it) {
  execute("DELETE FROM device_latest WHERE device_id = 'b'");
  const auto report = verify(1);
  EXPECT_NE(report.find("b: a start would recover nothing"), std::string::npos) << report;
  verify(0, {"--repair"});
  EXPECT_EQ(verify(0), good);
  service_.start();
  EXPECT_NE(HttpClient(service_.port()).get("/status/b").body.find("00:00:59"), std::string::npos);
}

// Otherwise a start would take a repetition of the newest update for a new one.
TEST_P(VerifyTampered, reports_a_wrong_newest_timestamp) {
  execute("UPDATE device_latest SET newest_timestamp = timestamp" +
          std::string(GetParam() == StoreKind::sqlite ? " - 86400000000" : " - interval '1 day'") +
          ", timestamp = timestamp WHERE device_id = 'b'");
  const auto report = verify(1);
  EXPECT_NE(report.find("b: a start would not know the newest timestamp"), std::string::npos) << report;
  verify(0, {"--repair"});
  EXPECT_EQ(verify(0), good);
}

TEST_P(VerifyTampered, takes_an_expired_history_for_no_difference) {
  tamper("DELETE FROM device_history WHERE device_id = 'b'", "DELETE FROM device_history WHERE device_id = 'b'");
  EXPECT_EQ(verify(0), "2 devices verified, 0 differences; the history of 1 more has expired\n");
  verify(0, {"--repair"});
  EXPECT_EQ(execute("SELECT count(*) FROM device_latest"), "2") << "it keeps what the history does not have";
}

TEST_P(VerifyTampered, reports_a_row_of_the_log_that_cannot_be_read) {
  tamper("UPDATE update_log SET updates = x'0102'", "UPDATE update_log SET timestamps = '{}'");
  const auto report = verify(1);
  EXPECT_NE(report.find(" of the log cannot be read: "), std::string::npos) << report;
  EXPECT_NE(report.find("2 devices verified, 0 differences; some data cannot be read\n"), std::string::npos) << report;
}

TEST_P(VerifyTampered, reports_a_history_that_cannot_be_read_and_leaves_its_latest_status) {
  tamper("UPDATE segment SET records = x'0102' WHERE id IN (SELECT segment FROM device_history WHERE device_id = 'a')",
         "UPDATE device_history SET battery_levels = '{}' WHERE device_id = 'a'");
  const auto report = verify(1);
  EXPECT_NE(report.find("the history of a cannot be read: "), std::string::npos) << report;
  EXPECT_NE(report.find("2 devices verified, 0 differences; some data cannot be read\n"), std::string::npos) << report;
  const auto repaired = verify(1, {"--repair"});
  EXPECT_NE(repaired.find("\n0 latest statuses repaired\n"), std::string::npos) << repaired;
}

TEST_P(VerifyTampered, repairs_nothing_while_a_service_uses_the_store) {
  service_.start();
  const auto finished = run_ubietyd({"verify", "--repair"}, service_.settings(), service_.folder());
  EXPECT_EQ(finished.status.code, 1);
  EXPECT_EQ(finished.output, "");
  EXPECT_NE(finished.error.find("stop it first"), std::string::npos) << finished.error;
}

}  // namespace
}  // namespace ubiety::test
