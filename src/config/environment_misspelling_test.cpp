#include "config/environment.hpp"

#include <gtest/gtest.h>

#include "config/settings.hpp"

namespace ubiety::config {
namespace {

std::vector<std::string> names_of_settings() {
  std::vector<std::string> names;
  for (const auto& group : declared_settings())
    for (const auto& declaration : group.declarations) names.emplace_back(declaration.name);
  return names;
}

// All texts that one insertion, deletion, replacement or swap makes of `name`.
std::vector<std::string> one_edit_from(const std::string& name) {
  std::vector<std::string> edited;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    for (const char c : {'A', 'X', '_', '-', '2'}) {
      edited.push_back(name.substr(0, i) + c + name.substr(i));
      if (i < name.size()) edited.push_back(name.substr(0, i) + c + name.substr(i + 1));
    }
    if (i < name.size()) edited.push_back(name.substr(0, i) + name.substr(i + 1));
    if (i + 1 < name.size()) {
      edited.push_back(name);
      std::swap(edited.back()[i], edited.back()[i + 1]);
    }
  }
  std::erase(edited, name);
  return edited;
}

TEST(EditDistance, counts_insertions_deletions_replacements_and_swaps) {
  const std::tuple<const char*, const char*, std::size_t> cases[] = {
      {"", "", 0},         {"PORT", "PORT", 0}, {"PORT", "PORTS", 1}, {"PORT", "POT", 1},  {"PORT", "POST", 1},
      {"PORT", "OPRT", 1}, {"", "PORT", 4},     {"HOST", "SHOOT", 2}, {"AUTH", "HTUA", 3}, {"ABCD", "BADC", 2},
  };
  for (const auto& [left, right, distance] : cases) {
    EXPECT_EQ(edit_distance(left, right), distance) << left << ' ' << right;
    EXPECT_EQ(edit_distance(right, left), distance) << left << ' ' << right;
  }
}

TEST(Misspelling, is_not_found_in_the_name_of_a_setting) {
  for (const auto& name : names_of_settings()) EXPECT_FALSE(misspelling_in(name)) << name;
}

TEST(Misspelling, is_certain_one_edit_from_a_long_name) {
  for (const auto& name : names_of_settings())
    for (const auto& edited : one_edit_from(name)) {
      if (edited.size() < 8) continue;
      const auto found = misspelling_in(edited);
      ASSERT_TRUE(found) << edited;
      EXPECT_TRUE(found->is_certain) << edited;
    }
}

TEST(Misspelling, names_the_setting_that_was_meant) {
  const std::pair<const char*, const char*> cases[] = {
      {"ENABLE_AUHT", "ENABLE_AUTH"},
      {"RATE_LIMIT_REQUEST", "RATE_LIMIT_REQUESTS"},
      {"CORS_ORIGIN", "CORS_ORIGINS"},
      {"enable_auth", "ENABLE_AUTH"},
      {"Database_Url", "DATABASE_URL"},
      {"ENABLE-AUTH", "ENABLE_AUTH"},
      {"RATE_LIMTI_REQUESTS", "RATE_LIMIT_REQUESTS"},
  };
  for (const auto& [given, meant] : cases) {
    const auto found = misspelling_in(given);
    ASSERT_TRUE(found) << given;
    EXPECT_EQ(found->setting, meant);
    EXPECT_TRUE(found->is_certain) << given;
  }
  EXPECT_EQ(question_about("ENABLE_AUHT", *misspelling_in("ENABLE_AUHT")),
            "ENABLE_AUHT is not a setting; did you mean ENABLE_AUTH?");
}

TEST(Misspelling, is_only_likely_two_edits_away_or_in_a_short_name) {
  for (const auto* name : {"ENABLE_AUTHZZ", "ENBLE_ATUH", "PORTS", "HOSTS", "DEBUGG", "TLSKEY", "port"}) {
    const auto found = misspelling_in(name);
    ASSERT_TRUE(found) << name;
    EXPECT_FALSE(found->is_certain) << name;
  }
}

// Variables that shells, systemd, containers, clouds and libraries set.
TEST(Misspelling, is_not_found_in_names_of_others) {
  const char* const names[] = {
      // Shells, sudo, ssh, cron
      "HOME",
      "PATH",
      "PWD",
      "OLDPWD",
      "SHELL",
      "SHLVL",
      "USER",
      "LOGNAME",
      "USERNAME",
      "MAIL",
      "TERM",
      "LANG",
      "LC_ALL",
      "TZ",
      "EDITOR",
      "PAGER",
      "DISPLAY",
      "COLUMNS",
      "LINES",
      "HOSTNAME",
      "HOSTTYPE",
      "OSTYPE",
      "_",
      "SUDO_USER",
      "SUDO_UID",
      "SUDO_GID",
      "SUDO_COMMAND",
      "SSH_CLIENT",
      "SSH_CONNECTION",
      "SSH_TTY",
      "SSH_AUTH_SOCK",
      "TMPDIR",
      "XDG_RUNTIME_DIR",
      "XDG_SESSION_ID",
      "LS_COLORS",
      "LD_PRELOAD",
      "LD_LIBRARY_PATH",
      "MALLOC_CONF",
      "http_proxy",
      "https_proxy",
      "no_proxy",
      "HTTP_PROXY",
      "HTTPS_PROXY",
      "NO_PROXY",
      "ALL_PROXY",
      // systemd.exec(5)
      "INVOCATION_ID",
      "JOURNAL_STREAM",
      "NOTIFY_SOCKET",
      "WATCHDOG_PID",
      "WATCHDOG_USEC",
      "MAINPID",
      "MANAGERPID",
      "LISTEN_FDS",
      "LISTEN_PID",
      "LISTEN_FDNAMES",
      "RUNTIME_DIRECTORY",
      "STATE_DIRECTORY",
      "CACHE_DIRECTORY",
      "LOGS_DIRECTORY",
      "CONFIGURATION_DIRECTORY",
      "CREDENTIALS_DIRECTORY",
      "SYSTEMD_EXEC_PID",
      "MEMORY_PRESSURE_WATCH",
      "SERVICE_RESULT",
      "EXIT_CODE",
      "EXIT_STATUS",
      "REMOTE_ADDR",
      "REMOTE_PORT",
      "LOG_NAMESPACE",
      // Kubernetes' variables for services called ubiety, database, redis, and its own
      "KUBERNETES_PORT",
      "KUBERNETES_PORT_443_TCP",
      "KUBERNETES_PORT_443_TCP_ADDR",
      "KUBERNETES_PORT_443_TCP_PORT",
      "KUBERNETES_PORT_443_TCP_PROTO",
      "KUBERNETES_SERVICE_HOST",
      "KUBERNETES_SERVICE_PORT",
      "KUBERNETES_SERVICE_PORT_HTTPS",
      "UBIETY_PORT",
      "UBIETY_PORT_8000_TCP",
      "UBIETY_PORT_8000_TCP_ADDR",
      "UBIETY_PORT_8000_TCP_PORT",
      "UBIETY_PORT_8000_TCP_PROTO",
      "UBIETY_SERVICE_HOST",
      "UBIETY_SERVICE_PORT",
      "UBIETY_SERVICE_PORT_HTTP",
      "DATABASE_PORT",
      "DATABASE_PORT_5432_TCP",
      "DATABASE_SERVICE_HOST",
      "DATABASE_SERVICE_PORT",
      "REDIS_PORT",
      "REDIS_PORT_6379_TCP",
      "REDIS_SERVICE_HOST",
      "REDIS_SERVICE_PORT",
      "POD_NAME",
      "POD_NAMESPACE",
      "POD_IP",
      "NODE_NAME",
      "HOST_IP",
      // Ours, but not settings
      "UBIETY_API_KEY",
      // Containers, clouds, continuous integration
      "container",
      "DOCKER_HOST",
      "COMPOSE_PROJECT_NAME",
      "POSTGRES_USER",
      "POSTGRES_PASSWORD",
      "POSTGRES_DB",
      "DYNO",
      "WEB_CONCURRENCY",
      "AWS_REGION",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "GOOGLE_CLOUD_PROJECT",
      "K_SERVICE",
      "CI",
      "GITHUB_ACTIONS",
      "GITHUB_TOKEN",
      "RUNNER_OS",
      "APP_ENV",
      "NODE_ENV",
      "ENVIRONMENT",
      "DATABASE_USER",
      "DATABASE_HOST",
      "DATABASE_PASSWORD",
      "DATABASE_URL_FILE",
      "DATABASE_URL_TEST",
      "REDIS_HOST",
      "SENTRY_DSN",
      "SECRET_KEY",
      "API_KEY",
      "SSL_CERT_FILE",
      "SSL_CERT_DIR",
      "CURL_CA_BUNDLE",
      // libpq
      "PGHOST",
      "PGHOSTADDR",
      "PGPORT",
      "PGDATABASE",
      "PGUSER",
      "PGPASSWORD",
      "PGPASSFILE",
      "PGSERVICE",
      "PGSERVICEFILE",
      "PGOPTIONS",
      "PGAPPNAME",
      "PGSSLMODE",
      "PGSSLROOTCERT",
      "PGCONNECT_TIMEOUT",
      "PGTZ",
      // OpenTelemetry's specification
      "OTEL_RESOURCE_ATTRIBUTES",
      "OTEL_LOG_LEVEL",
      "OTEL_PROPAGATORS",
      "OTEL_BSP_EXPORT_TIMEOUT",
      "OTEL_BSP_MAX_QUEUE_SIZE",
      "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
      "OTEL_BLRP_SCHEDULE_DELAY",
      "OTEL_BLRP_EXPORT_TIMEOUT",
      "OTEL_BLRP_MAX_QUEUE_SIZE",
      "OTEL_ATTRIBUTE_COUNT_LIMIT",
      "OTEL_SPAN_EVENT_COUNT_LIMIT",
      "OTEL_EXPORTER_OTLP_PROTOCOL",
      "OTEL_EXPORTER_OTLP_TIMEOUT",
      "OTEL_EXPORTER_OTLP_COMPRESSION",
      "OTEL_EXPORTER_OTLP_CERTIFICATE",
      "OTEL_EXPORTER_OTLP_CLIENT_KEY",
      "OTEL_EXPORTER_OTLP_INSECURE",
      "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
      "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
      "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
      "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
      "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
      "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
      "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
      "OTEL_TRACES_EXPORTER",
      "OTEL_METRICS_EXPORTER",
      "OTEL_LOGS_EXPORTER",
      "OTEL_METRICS_EXEMPLAR_FILTER",
      "OTEL_METRIC_EXPORT_INTERVAL",
      "OTEL_METRIC_EXPORT_TIMEOUT",
      "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
      "OTEL_EXPORTER_JAEGER_ENDPOINT",
      "OTEL_EXPORTER_PROMETHEUS_HOST",
      "OTEL_EXPORTER_PROMETHEUS_PORT",
      "OTEL_CONFIG_FILE",
  };
  for (const auto* name : names) {
    const auto found = misspelling_in(name);
    EXPECT_FALSE(found) << name << ": " << found->setting;
  }
}

}  // namespace
}  // namespace ubiety::config
