#include "config/settings.hpp"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>

namespace ubiety::config {
namespace {

using namespace std::chrono_literals;

std::map<std::string_view, const Declaration*> declarations() {
  std::map<std::string_view, const Declaration*> by_name;
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) by_name.emplace(declaration.name, &declaration);
  return by_name;
}

Settings defaults() {
  Settings settings{};
  for (const auto& [name, declaration] : declarations()) declaration->assign(settings, declaration->default_text);
  return settings;
}

std::optional<std::string> assign(Settings& settings, std::string_view name, std::string_view text) {
  return declarations().at(name)->assign(settings, text);
}

Settings settings_with(std::string_view name, std::string_view text) {
  auto settings = defaults();
  const auto problem = assign(settings, name, text);
  EXPECT_FALSE(problem) << name << '=' << text << ": " << *problem;
  return settings;
}

TEST(Settings, take_their_defaults) {
  for (const auto& [name, declaration] : declarations()) {
    Settings settings{};
    const auto problem = declaration->assign(settings, declaration->default_text);
    EXPECT_FALSE(problem) << name << ": " << *problem;
  }
}

TEST(Settings, have_the_defaults_that_they_show) {
  const auto settings = defaults();
  EXPECT_EQ(settings.database_url.kind, DatabaseUrl::Kind::sqlite);
  EXPECT_EQ(settings.database_url.location, "data/ubiety.db");
  EXPECT_EQ(settings.partition_by, PartitionBy::day);
  EXPECT_TRUE(settings.auto_migrate);
  EXPECT_EQ(settings.host, "0.0.0.0");
  EXPECT_EQ(settings.port, 8000);
  EXPECT_EQ(settings.request_timeout, 5s);
  EXPECT_EQ(settings.max_future, 24h);
  EXPECT_EQ(settings.max_clock_skew, 300s);
  EXPECT_EQ(settings.app_name, "Ubiety IoT Status Service");
  EXPECT_EQ(settings.app_version, "1.0.0");
  EXPECT_FALSE(settings.debug);
  EXPECT_EQ(settings.log_level, LogLevel::info);
  EXPECT_EQ(settings.log_format, LogFormat::automatic);
}

TEST(Settings, have_unique_names_and_a_help) {
  std::set<std::string_view> names;
  for (const auto& group : declared_settings()) {
    EXPECT_FALSE(group.declarations.empty()) << group.title;
    for (const auto& declaration : group.declarations) {
      EXPECT_TRUE(names.insert(declaration.name).second) << declaration.name;
      EXPECT_EQ(declaration.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos);
      EXPECT_TRUE(declaration.help.ends_with('.')) << declaration.name;
      EXPECT_FALSE(declaration.range.empty()) << declaration.name;
    }
  }
}

TEST(Settings, know_every_name_of_the_blueprint) {
  const auto known = declarations();
  for (const auto name : {"DATABASE_URL", "DATABASE_POOL_SIZE", "DATABASE_MAX_OVERFLOW", "API_KEY_HEADER",
                          "ENABLE_AUTH", "APP_NAME", "APP_VERSION", "DEBUG", "LOG_LEVEL", "CORS_ORIGINS",
                          "RATE_LIMIT_REQUESTS", "RATE_LIMIT_WINDOW", "REDIS_URL", "MAX_WORKERS"})
    EXPECT_TRUE(known.contains(name)) << name;
}

// The range that a declaration shows, as in "1 to 300 (seconds)"; nullopt if it shows none, or the range of a
// fraction.
std::optional<std::pair<std::int64_t, std::int64_t>> shown_range(std::string_view range) {
  static const std::regex integers(R"((\d+) to (\d+)( \(\w+\))?)");
  std::cmatch bounds;
  if (!std::regex_match(range.begin(), range.end(), bounds, integers) || bounds[2] == "1") return std::nullopt;
  return std::pair{std::stoll(bounds[1]), std::stoll(bounds[2])};
}

TEST(Settings, accept_integers_within_the_range_that_they_show) {
  Settings settings{};
  int count = 0;
  for (const auto& [name, declaration] : declarations()) {
    const auto range = shown_range(declaration->range);
    if (!range) continue;
    ++count;
    const auto [lowest, highest] = *range;
    for (const auto value : {lowest, highest}) EXPECT_FALSE(assign(settings, name, std::to_string(value))) << name;
    for (const auto value : {lowest - 1, highest + 1}) {
      const auto text = std::to_string(value);
      const auto problem = assign(settings, name, text);
      ASSERT_TRUE(problem) << name << '=' << text;
      EXPECT_NE(problem->find(text), std::string::npos) << *problem;
      EXPECT_NE(problem->find(std::to_string(highest)), std::string::npos) << *problem;
    }
    for (const auto text : {"", "x", "1x", " 1", "1 ", "+1", "1.0", "0x10", "99999999999999999999"})
      EXPECT_TRUE(assign(settings, name, text)) << name << '=' << text;
  }
  EXPECT_GT(count, 30);
}

TEST(Settings, quote_nothing_that_may_hold_a_password) {
  for (const auto& [name, declaration] : declarations()) {
    auto settings = defaults();
    const auto problem = declaration->assign(settings, "nonsense://user:secret@host");
    EXPECT_EQ(problem.value_or("").find("secret"), std::string::npos) << name << ": " << *problem;
  }
}

TEST(Settings, put_values_where_they_belong) {
  EXPECT_EQ(settings_with("DATABASE_URL", "postgres://h/db").database_url.location, "postgresql://h/db");
  EXPECT_EQ(settings_with("DATABASE_POOL_SIZE", "7").database_pool_size, 7);
  EXPECT_EQ(settings_with("PARTITION_BY", "Month").partition_by, PartitionBy::month);
  EXPECT_FALSE(settings_with("AUTO_MIGRATE", "off").auto_migrate);
  EXPECT_EQ(settings_with("TAIL_MEMORY", "4096").tail_memory, 4096);
  EXPECT_EQ(settings_with("HOST", "::1").host, "::1");
  EXPECT_EQ(settings_with("PORT", "80").port, 80);
  EXPECT_EQ(settings_with("MAX_CONNECTIONS", "7").max_connections, 7);
  EXPECT_EQ(settings_with("MAX_BODY_BYTES", "2048").max_body_bytes, 2048);
  EXPECT_EQ(settings_with("REQUEST_TIMEOUT", "7").request_timeout, 7s);
  EXPECT_EQ(settings_with("IDLE_TIMEOUT", "7").idle_timeout, 7s);
  EXPECT_EQ(settings_with("HEAD_TIMEOUT", "7").head_timeout, 7s);
  EXPECT_EQ(settings_with("BODY_TIMEOUT", "7").body_timeout, 7s);
  EXPECT_EQ(settings_with("WRITE_TIMEOUT", "7").write_timeout, 7s);
  EXPECT_EQ(settings_with("SHUTDOWN_TIMEOUT", "7").shutdown_timeout, 7s);
  EXPECT_EQ(settings_with("MAX_IN_FLIGHT", "7").max_in_flight, 7);
  EXPECT_EQ(settings_with("MAX_WORKERS", "4").max_workers, 4);
  EXPECT_EQ(settings_with("SHARDS", "7").shards, 7);
  EXPECT_EQ(settings_with("MAX_FUTURE", "7").max_future, 7s);
  EXPECT_EQ(settings_with("MAX_CLOCK_SKEW", "7").max_clock_skew, 7s);
  EXPECT_EQ(settings_with("APP_NAME", "x").app_name, "x");
  EXPECT_EQ(settings_with("APP_VERSION", "2").app_version, "2");
  EXPECT_EQ(settings_with("LOG_LEVEL", "error").log_level, LogLevel::error);
  EXPECT_EQ(settings_with("LOG_FORMAT", "json").log_format, LogFormat::json);
  EXPECT_EQ(settings_with("REDIS_URL", "redis://localhost:6379/0").redis_url, "redis://localhost:6379/0");
}

TEST(Settings, read_booleans_as_people_write_them) {
  for (const auto text : {"true", "True", "TRUE", "1", "yes", "on"}) EXPECT_TRUE(settings_with("DEBUG", text).debug);
  for (const auto text : {"false", "False", "0", "no", "OFF"}) EXPECT_FALSE(settings_with("DEBUG", text).debug);
}

TEST(Settings, say_what_is_wrong) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"DEBUG", "maybe", "expected true or false, not \"maybe\""},
      {"LOG_LEVEL", "loud", "expected one of debug, info, warning, error, not \"loud\""},
      {"LOG_FORMAT", "", "expected one of auto, text, json, not \"\""},
      {"PARTITION_BY", "year", "expected one of day, month, not \"year\""},
      {"PORT", "0", "expected an integer from 1 to 65535, not \"0\""},
      {"DATABASE_MAX_OVERFLOW", "10", "must be \"0\": the pool has a fixed size, DATABASE_POOL_SIZE"},
      {"DATABASE_URL", "mysql://h/db", "expected postgresql://user:password@host:port/database or sqlite:PATH"},
  };
  for (const auto& [name, text, problem] : cases) {
    auto settings = defaults();
    EXPECT_EQ(assign(settings, name, text), problem) << name;
  }
}

TEST(Settings, keep_the_old_value_if_the_new_one_is_wrong) {
  auto settings = defaults();
  EXPECT_TRUE(assign(settings, "PORT", "70000"));
  EXPECT_EQ(settings.port, 8000);
  EXPECT_TRUE(assign(settings, "DATABASE_URL", "nowhere"));
  EXPECT_EQ(settings.database_url.location, "data/ubiety.db");
}

TEST(Settings, accept_a_key_header_that_http_does_not_use) {
  auto settings = defaults();
  for (const auto* name : {"X-API-Key", "x-key", "Key", "api_key"}) {
    EXPECT_FALSE(assign(settings, "API_KEY_HEADER", name)) << name;
    EXPECT_EQ(settings.api_key_header, name);
  }
  for (const auto* name : {"X Key", "X-Key:", "Schlüssel", "authorization", "Authorization", "Host", "Content-Length"})
    EXPECT_TRUE(assign(settings, "API_KEY_HEADER", name)) << name;
}

}  // namespace
}  // namespace ubiety::config
