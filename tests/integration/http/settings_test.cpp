// What ubietyd makes of its flags and its environment, as seen from a shell.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <sstream>

#include "integration/http/shared_service.hpp"

namespace ubiety::test {
namespace {

// The names of all settings, from the table that docs/CONFIGURATION.md ends with.
struct Setting {
  std::string name, flag;
};

std::vector<Setting> all_settings() {
  std::vector<Setting> settings;
  std::istringstream table(run_ubietyd({"--print-settings-table"}).output);
  const std::regex row(R"(\| `(\w+)` \| `(--[\w-]+)` \| .* \|)");
  std::smatch cells;
  for (std::string line; std::getline(table, line);)
    if (std::regex_match(line, cells, row)) settings.push_back({cells[1], cells[2]});
  EXPECT_FALSE(settings.empty());
  return settings;
}

// Lines of the help, by their first word.
std::map<std::string, std::string> lines_of(const std::string& help) {
  std::map<std::string, std::string> lines;
  std::istringstream text(help);
  for (std::string line; std::getline(text, line);) {
    std::istringstream words(line);
    std::string first;
    if (words >> first) lines[first] = line;
  }
  return lines;
}

// Expects one clear line, and no start.
void expect_refusal(const Finished& finished, const std::string& named) {
  EXPECT_GT(finished.status.code, 0);
  EXPECT_EQ(finished.output, "");
  EXPECT_NE(finished.error.find(named), std::string::npos) << finished.error;
  EXPECT_EQ(std::count(finished.error.begin(), finished.error.end(), '\n'), 1) << finished.error;
  EXPECT_EQ(finished.error.back(), '\n');
}

TEST(SettingsOfAStart, help_has_a_line_for_each_with_its_variable) {
  const auto help = run_ubietyd({"--help"});
  EXPECT_EQ(help.status.code, 0);
  const auto lines = lines_of(help.output);
  for (const auto& setting : all_settings()) {
    ASSERT_TRUE(lines.contains(setting.flag)) << setting.flag;
    EXPECT_NE(lines.at(setting.flag).find("(Env:" + setting.name + ")"), std::string::npos) << lines.at(setting.flag);
  }
  for (const char* flag : {"--version", "--env-file"}) EXPECT_TRUE(lines.contains(flag)) << flag;
  // Their own section: elsewhere a line may begin with such a word by chance.
  const auto subcommands = lines_of(help.output.substr(help.output.find("\nSubcommands:\n")));
  for (const char* name : {"serve", "migrate", "verify", "keys"}) EXPECT_TRUE(subcommands.contains(name)) << name;
}

TEST(SettingsOfAStart, version_is_printed) {
  const auto version = run_ubietyd({"--version"}, {{"DATABASE_URL", "nonsense"}, {"ENABLE_AUHT", "true"}});
  EXPECT_EQ(version.status.code, 0);
  EXPECT_TRUE(std::regex_match(version.output, std::regex(R"(ubietyd \d+\.\d+\.\d+\n)"))) << version.output;
  EXPECT_EQ(version.error, "");
}

TEST(SettingsOfAStart, an_unknown_flag_or_command_stops_it) {
  expect_refusal(run_ubietyd({"--nonsense"}), "--nonsense");
  expect_refusal(run_ubietyd({"--nonsense=5"}), "--nonsense");
  expect_refusal(run_ubietyd({"bogus"}), "bogus");
  expect_refusal(run_ubietyd({"--port"}), "port");
  expect_refusal(run_ubietyd({"migrate"}), "subcommand");
  expect_refusal(run_ubietyd({"migrate", "sideways"}), "subcommand");
}

// src/config/command_line_test.cpp has all settings, by flag, by variable and by file.
TEST(SettingsOfAStart, a_malformed_value_stops_it) {
  const auto finished = run_ubietyd({"--port=<nonsense>"});
  expect_refusal(finished, "PORT: expected an integer from 1 to 65535, not \"<nonsense>\"");
  EXPECT_EQ(finished.status.code, 2);
}

TEST(SettingsOfAStart, a_misspelt_variable_stops_it) {
  for (const char* name : {"ENABLE_AUHT", "RATE_LIMIT_REQUEST", "enable_auth"}) {
    expect_refusal(run_ubietyd({}, {{name, "true"}}), std::string(name) + " is not a setting; did you mean ");
    expect_refusal(run_ubietyd({"keys", "list"}, {{name, "true"}}), name);
    expect_refusal(run_ubietyd({}, {{name, ""}}), name);
  }
}

TEST(SettingsOfAStart, a_variable_that_is_like_a_setting_is_warned_of) {
  ServiceProcess service(Environment{{"PORTS", "abc"}, {"ENABLE_AUTHZZ", "true"}});
  service.start();
  EXPECT_NE(service.log().find("PORTS is not a setting; did you mean PORT?"), std::string::npos) << service.log();
  EXPECT_NE(service.log().find("did you mean ENABLE_AUTH?"), std::string::npos) << service.log();
}

// A pod of Kubernetes with services called ubiety and database, under systemd's variables, with tracing of others.
TEST(SettingsOfAStart, the_variables_of_others_are_left_alone) {
  ServiceProcess service(Environment{{"UBIETY_PORT", "tcp://10.0.0.1:8000"},
                                     {"UBIETY_PORT_8000_TCP_ADDR", "10.0.0.1"},
                                     {"UBIETY_SERVICE_PORT", "8000"},
                                     {"DATABASE_PORT", "tcp://10.0.0.2:5432"},
                                     {"DATABASE_SERVICE_HOST", "10.0.0.2"},
                                     {"DATABASE_URL_FILE", "/run/secrets/url"},
                                     {"HOSTNAME", "ubiety-0"},
                                     {"PGHOST", "10.0.0.2"},
                                     {"OTEL_RESOURCE_ATTRIBUTES", "a=b"},
                                     {"OTEL_BLRP_SCHEDULE_DELAY", "5"},
                                     {"INVOCATION_ID", "0"},
                                     {"NONSENSE", "5"}});
  service.start();
  EXPECT_EQ(service.log().find("is not a setting"), std::string::npos) << service.log();
}

// seed: the blueprint's own file, with another database than its example.
TEST(SettingsOfAStart, the_env_file_of_the_blueprint_is_understood) {
  ServiceProcess service(Environment{{"DATABASE_URL", "sqlite:blueprint.db"}});
  write_file(service.folder() / ".env", R"(# Database Configuration
DATABASE_URL=postgresql://ubiety:password@localhost:5432/ubiety_iot
DATABASE_POOL_SIZE=20
DATABASE_MAX_OVERFLOW=0

# Authentication (Optional)
API_KEY_HEADER=X-API-Key
ENABLE_AUTH=false

# Application Settings
APP_NAME=Ubiety IoT Status Service
APP_VERSION=1.0.0
DEBUG=false
LOG_LEVEL=INFO

# Security
CORS_ORIGINS=["http://localhost:3000"]
RATE_LIMIT_REQUESTS=100
RATE_LIMIT_WINDOW=60

# Performance
REDIS_URL=redis://:secret@localhost:6379/0  # For caching
MAX_WORKERS=4
)");
  service.start();
  EXPECT_NE(service.log().find("REDIS_URL is not used yet"), std::string::npos) << service.log();
  EXPECT_EQ(service.log().find("secret"), std::string::npos) << service.log();
}

TEST(SettingsOfAStart, a_port_that_is_taken_stops_it) {
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
