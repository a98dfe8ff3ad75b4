// What ubietyd makes of its flags and its environment, as seen from a shell.
#include <gtest/gtest.h>

#include <algorithm>

#include "integration/http/shared_service.hpp"

namespace ubiety::test {
namespace {

const std::vector<std::string> all_settings{"DATABASE_URL",
                                            "DATABASE_POOL_SIZE",
                                            "DATABASE_MAX_OVERFLOW",
                                            "PARTITION_BY",
                                            "AUTO_MIGRATE",
                                            "HOST",
                                            "PORT",
                                            "TLS_CERT",
                                            "TLS_KEY",
                                            "MAX_CONNECTIONS",
                                            "MAX_BODY_BYTES",
                                            "REQUEST_TIMEOUT",
                                            "IDLE_TIMEOUT",
                                            "HEAD_TIMEOUT",
                                            "BODY_TIMEOUT",
                                            "WRITE_TIMEOUT",
                                            "SHUTDOWN_TIMEOUT",
                                            "MAX_IN_FLIGHT",
                                            "MAX_WORKERS",
                                            "SHARDS",
                                            "CHECKPOINT_INTERVAL",
                                            "MAX_FUTURE",
                                            "MAX_CLOCK_SKEW",
                                            "APP_NAME",
                                            "APP_VERSION",
                                            "DEBUG",
                                            "LOG_LEVEL",
                                            "LOG_FORMAT",
                                            "ACCESS_LOG",
                                            "ENABLE_AUTH",
                                            "API_KEY_HEADER",
                                            "AUTH_FAILURE_LIMIT",
                                            "CORS_ORIGINS",
                                            "RATE_LIMIT_REQUESTS",
                                            "RATE_LIMIT_WINDOW",
                                            "TRUSTED_PROXIES",
                                            "REDIS_URL"};

std::string flag_of(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c == '_' ? '-' : static_cast<char>(std::tolower(c)); });
  return "--" + name;
}

// Expects one clear line, and no start.
void expect_refusal(const Finished& finished, const std::string& named) {
  EXPECT_GT(finished.status.code, 0);
  EXPECT_EQ(finished.output, "");
  EXPECT_NE(finished.error.find(named), std::string::npos) << finished.error;
  EXPECT_EQ(std::count(finished.error.begin(), finished.error.end(), '\n'), 1) << finished.error;
  EXPECT_EQ(finished.error.back(), '\n');
}

TEST(SettingsOfAStart, help_lists_all_of_them) {
  const auto help = run_ubietyd({"--help"});
  EXPECT_EQ(help.status.code, 0);
  for (const auto& name : all_settings) {
    EXPECT_NE(help.output.find(name), std::string::npos) << name;
    EXPECT_NE(help.output.find(flag_of(name)), std::string::npos) << name;
  }
  for (const char* subcommand : {"serve", "migrate", "keys"})
    EXPECT_NE(help.output.find(subcommand), std::string::npos);
}

TEST(SettingsOfAStart, an_unknown_flag_or_command) {
  expect_refusal(run_ubietyd({"--nonsense"}), "--nonsense");
  expect_refusal(run_ubietyd({"--nonsense=5"}), "--nonsense");
  expect_refusal(run_ubietyd({"bogus"}), "bogus");
  expect_refusal(run_ubietyd({"--port"}), "port");
  expect_refusal(run_ubietyd({"migrate"}), "");
  expect_refusal(run_ubietyd({"migrate", "sideways"}), "");
}

TEST(SettingsOfAStart, a_malformed_value) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> cases{
      {"PORT", {"abc", "0", "-1", "65536", "80a", "8000 9000", "99999999999999999999"}},
      {"HOST", {"not an address", "256.0.0.1"}},
      {"DATABASE_URL", {"nonsense", "mysql://a@b/c", "sqlite:", "http://localhost/"}},
      {"DATABASE_POOL_SIZE", {"0", "many"}},
      {"DATABASE_MAX_OVERFLOW", {"5", "-1"}},
      {"PARTITION_BY", {"week"}},
      {"AUTO_MIGRATE", {"perhaps"}},
      {"MAX_BODY_BYTES", {"0", "64k"}},
      {"MAX_CONNECTIONS", {"0"}},
      {"REQUEST_TIMEOUT", {"0", "-5", "5s"}},
      {"IDLE_TIMEOUT", {"0"}},
      {"HEAD_TIMEOUT", {"0", "10s"}},
      {"BODY_TIMEOUT", {"0", "3601"}},
      {"WRITE_TIMEOUT", {"0", "1m"}},
      {"SHUTDOWN_TIMEOUT", {"-1"}},
      {"MAX_IN_FLIGHT", {"0"}},
      {"MAX_WORKERS", {"-1", "x"}},
      {"SHARDS", {"257", "1.5"}},
      {"CHECKPOINT_INTERVAL", {"0", "often"}},
      {"CORS_ORIGINS", {"localhost", "[\"http://a/path\"]", "[\"http://a\"", "[\"*\", \"http://a\"]"}},
      {"RATE_LIMIT_REQUESTS", {"-1", "100/60"}},
      {"RATE_LIMIT_WINDOW", {"0"}},
      {"TRUSTED_PROXIES", {"localhost", "10.0.0.1/8", "10.0.0.0/33"}},
      {"MAX_FUTURE", {"-1"}},
      {"MAX_CLOCK_SKEW", {"-1", "1e3"}},
      {"DEBUG", {"maybe", "2"}},
      {"LOG_LEVEL", {"LOUD"}},
      {"LOG_FORMAT", {"xml"}},
      {"ACCESS_LOG", {"maybe"}}};
  for (const auto& [name, values] : cases)
    for (const auto& value : values) {
      SCOPED_TRACE(name + "=" + value);
      expect_refusal(run_ubietyd({}, {{name, value}}), name);
      expect_refusal(run_ubietyd({flag_of(name) + "=" + value}), name);
    }
}

TEST(SettingsOfAStart, what_is_not_there_yet_is_refused_not_ignored) {
  const Environment cases{{"REDIS_URL", "redis://localhost:6379/0"}};
  for (const auto& setting : cases) {
    SCOPED_TRACE(setting.first);
    expect_refusal(run_ubietyd({}, {setting}), setting.first);
  }
}

TEST(SettingsOfAStart, neutral_values_of_what_is_not_there_yet_are_taken) {
  ServiceProcess service(Environment{
      {"ENABLE_AUTH", "false"}, {"API_KEY_HEADER", "X-API-Key"}, {"REDIS_URL", ""}, {"DATABASE_MAX_OVERFLOW", "0"}});
  EXPECT_NO_THROW(service.start());
}

TEST(SettingsOfAStart, an_unknown_variable_of_the_environment_is_not_ours) {
  EXPECT_EQ(run_ubietyd({"migrate", "status"}, {{"NONSENSE", "5"}, {"PORTS", "abc"}}).status.code, 0);
}

TEST(SettingsOfAStart, a_port_that_is_taken) {
  ServiceProcess& running = shared_service();
  const auto second = run_ubietyd({"serve", "--host", "127.0.0.1", "--port", std::to_string(running.port())});
  EXPECT_GT(second.status.code, 0);
  EXPECT_NE(second.error.find("ddress already in use"), std::string::npos) << second.error;
  EXPECT_NE(second.error.find(std::to_string(running.port())), std::string::npos)
      << "the port is named: " << second.error;
}

TEST(SettingsOfAStart, a_flag_stands_above_the_environment) {
  TemporaryDirectory folder;
  const auto run = run_ubietyd({"migrate", "up", "--database-url", "sqlite:by-flag.db"},
                               {{"DATABASE_URL", "sqlite:by-environment.db"}}, folder.path());
  EXPECT_EQ(run.status.code, 0) << run.error;
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "by-flag.db"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "by-environment.db"));
}

}  // namespace
}  // namespace ubiety::test
