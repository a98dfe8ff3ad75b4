#include "config/settings.hpp"

#include <algorithm>

#include "config/setting_values.hpp"
#include "domain/text.hpp"

namespace ubiety::config {
namespace {

using namespace setting;
using S = Settings;

Group store_settings() {
  return {
      "Store",
      {
          {"DATABASE_URL", "sqlite:data/ubiety.db", "postgresql://user:password@host:port/database or sqlite:PATH",
           "Where updates are stored. A driver, as in postgresql+psycopg2://, is ignored; docs/CONFIGURATION.md has "
           "more forms.",
           database_url()},
          {"DATABASE_POOL_SIZE", "8", "1 to 100",
           "Connections that read histories, each with its own thread. Some more write, merge and do maintenance.",
           integer(&S::database_pool_size, 1, 100)},
          {"DATABASE_MAX_OVERFLOW", "0", "0",
           "Accepted for compatibility with SQLAlchemy; the pool of this service has a fixed size.",
           only("0", "the pool has a fixed size, DATABASE_POOL_SIZE")},
          {"DATABASE_TIMEOUT", "3", "1 to 300 (seconds)",
           "How long PostgreSQL may take to answer a commit, a history or a ping before it counts as down.",
           integer(&S::database_timeout, 1, 300)},
          {"FULL_PAGE_WRITES", "true", "true, false",
           "Whether PostgreSQL must have full_page_writes on. Set false only on a file system that never tears a page, "
           "such as ZFS.",
           boolean(&S::full_page_writes)},
          {"PARTITION_BY", "day", "day, month", "The time span of one partition of the history (PostgreSQL).",
           one_of<PartitionBy>(&S::partition_by, {{"day", PartitionBy::day}, {"month", PartitionBy::month}})},
          {"AUTO_MIGRATE", "true", "true, false", "Whether the service applies missing migrations when it starts.",
           boolean(&S::auto_migrate)},
          {"TAIL_MEMORY", "67108864", "0 to 68719476736 (bytes)",
           "The memory for updates that are in the log but not in the history yet, at 24 bytes an update. Beyond, they "
           "are merged: the more of a device at once, the less space its history takes.",
           integer(&S::tail_memory, 0, std::int64_t{1} << 36)},
          {"RETENTION_DAYS", "0", "0 to 36500 (days)",
           "How many whole days (UTC) a history is kept after the day of a report's timestamp; 0 keeps it for ever. "
           "The latest status is always kept.",
           integer(&S::retention, 0, 36'500)},
          {"SPOOL_PATH", "", "a path, or empty for no spool",
           "A file on this node that stores updates while PostgreSQL is down. They are forwarded when it is back.",
           text(&S::spool_path)},
          {"SPOOL_MAX_BYTES", "1073741824", "1048576 to 1099511627776 (bytes)",
           "The maximum size of the spool, at about 30 bytes an update. Updates that do not fit are answered 503.",
           integer(&S::spool_max_bytes, 1 << 20, std::int64_t{1} << 40)},
      },
  };
}

Group server_settings() {
  return {
      "Server",
      {
          {"HOST", "0.0.0.0", "an IPv4 or IPv6 address", "The address to listen on; :: is every address.",
           address(&S::host)},
          {"PORT", "8000", "1 to 65535", "The port to listen on.", integer(&S::port, 1, 65535)},
          {"TLS_CERT", "", "a path, or empty for no TLS",
           "The certificate with its chain, PEM. With TLS_KEY, the port accepts only TLS. SIGHUP reloads both.",
           text(&S::tls_certificate)},
          {"TLS_KEY", "", "a path, or empty for no TLS", "The certificate's private key, PEM, without a passphrase.",
           text(&S::tls_key)},
          {"MAX_CONNECTIONS", "10000", "1 to 1000000",
           "The maximum number of open connections; fewer if the limit on open files requires it.",
           integer(&S::max_connections, 1, 1'000'000)},
          {"IDLE_TIMEOUT", "75", "1 to 3600 (seconds)",
           "How long a connection may stay idle after an answer before it is closed.",
           integer(&S::idle_timeout, 1, 3600)},
          {"HEAD_TIMEOUT", "10", "1 to 3600 (seconds)",
           "How long the head of a request may take from its first byte, or from the connection for its first request; "
           "408 beyond.",
           integer(&S::head_timeout, 1, 3600)},
          // 2 MiB, the largest batch by default, take 60 seconds at 280 kbit/s.
          {"BODY_TIMEOUT", "60", "1 to 3600 (seconds)",
           "How long the body of a request may take, whatever its size; 408 beyond.",
           integer(&S::body_timeout, 1, 3600)},
          {"WRITE_TIMEOUT", "30", "1 to 3600 (seconds)",
           "How long a client may take to read an answer, or each megabyte or so of a long one, before its connection "
           "is closed.",
           integer(&S::write_timeout, 1, 3600)},
          {"REQUEST_TIMEOUT", "5", "1 to 300 (seconds)", "How long a request may take before it is answered 503.",
           integer(&S::request_timeout, 1, 300)},
          {"SHUTDOWN_TIMEOUT", "10", "1 to 300 (seconds)", "How long a shutdown waits for the requests in flight.",
           integer(&S::shutdown_timeout, 1, 300)},
          {"MAX_WORKERS", "0", "0 to 64 (threads)", "Threads that run the shards; 0 for one per core.",
           integer(&S::max_workers, 0, 64)},
          {"SHARDS", "0", "0 to 256", "Actors that the devices are divided among; 0 for one per two cores.",
           integer(&S::shards, 0, 256)},
      },
  };
}

Group limit_settings() {
  return {
      "Limits",
      {
          {"MAX_BODY_BYTES", "65536", "1024 to 1073741824 (bytes)", "The maximum size of a request body; 413 beyond.",
           integer(&S::max_body_bytes, 1024, 1 << 30)},
          {"MAX_BATCH_BYTES", "2097152", "1024 to 1073741824 (bytes)",
           "MAX_BODY_BYTES for a batch of updates, both compressed and decompressed.",
           integer(&S::max_batch_bytes, 1024, 1 << 30)},
          {"MAX_BATCH_UPDATES", "10000", "1 to 1000000 (updates)",
           "The maximum number of updates in a batch; 413 beyond.", integer(&S::max_batch_updates, 1, 1'000'000)},
          {"MAX_IN_FLIGHT", "100000", "1 to 1000000 (updates)",
           "The maximum number of updates that wait for their commit; 503 beyond.",
           integer(&S::max_in_flight, 1, 1'000'000)},
          {"MAX_IN_FLIGHT_BYTES", "67108864", "1024 to 68719476736 (bytes)",
           "The maximum total size of the bodies of those updates and of requests that are still arriving; 503 beyond.",
           integer(&S::max_in_flight_bytes, 1024, std::int64_t{1} << 36)},
          {"MAX_SHARD_IN_FLIGHT", "75000", "1 to 1000000 (updates)",
           "MAX_IN_FLIGHT for one shard, so that a few devices cannot take the place of all others.",
           integer(&S::max_shard_in_flight, 1, 1'000'000)},
          {"MAX_SHARD_IN_FLIGHT_BYTES", "50331648", "1024 to 68719476736 (bytes)", "MAX_IN_FLIGHT_BYTES for one shard.",
           integer(&S::max_shard_in_flight_bytes, 1024, std::int64_t{1} << 36)},
          {"MAX_SCANS", "16", "1 to 1000",
           "The maximum number of summaries computed at the same time; equal queries share one. 503 once eight times "
           "as many wait.",
           integer(&S::max_scans, 1, 1000)},
          {"MAX_STREAMS", "2000", "0 to 1000000 (streams)",
           "The maximum number of clients that read GET /fleet/stream at the same time; 503 beyond.",
           integer(&S::max_streams, 0, 1'000'000)},
          {"MAX_UNREAD_BYTES", "134217728", "1024 to 68719476736 (bytes)",
           "The maximum total size of summaries that clients have not read yet; 503 beyond. A single summary may be "
           "larger.",
           integer(&S::max_unread_bytes, 1024, std::int64_t{1} << 36)},
          {"COMMIT_LINGER", "2000", "0 to 100000 (microseconds)",
           "The minimum time between two commits while more updates are expected; 0 commits at once.",
           integer(&S::commit_linger, 0, 100'000)},
      },
  };
}

Group client_settings() {
  return {
      "Clients",
      {
          {"ENABLE_AUTH", "false", "true, false",
           "Whether requests need an API key. `ubietyd keys create` creates the first one. Without ENABLE_AUTH, /admin "
           "does not exist.",
           boolean(&S::enable_auth)},
          {"API_KEY_HEADER", "X-API-Key", "a field name",
           "The header field that carries the API key; Authorization: Bearer works as well.",
           field_name(&S::api_key_header)},
          {"AUTH_FAILURE_LIMIT", "60", "0 to 1000000000 (requests)",
           "Requests without a valid key that one address may send per minute; 429 beyond, 0 for no limit.",
           integer(&S::auth_failure_limit, 0, 1'000'000'000)},
          {"CORS_ORIGINS", "[]", "a list of origins, as JSON or with commas; or *",
           "Origins whose pages may call the service with credentials; * allows every origin, without credentials.",
           origins(&S::cors_origins)},
          {"RATE_LIMIT_REQUESTS", "0", "0 to 1000000000 (requests)",
           "Requests that one client may send per window; 429 beyond, 0 for no limit.",
           integer(&S::rate_limit_requests, 0, 1'000'000'000)},
          {"RATE_LIMIT_WINDOW", "60", "1 to 86400 (seconds)", "The length of that window.",
           integer(&S::rate_limit_window, 1, 86'400)},
          {"TRUSTED_PROXIES", "", "a list of addresses and ranges",
           "Proxies whose X-Forwarded-For names the client's address.", ip_ranges(&S::trusted_proxies)},
      },
  };
}

Group update_settings() {
  return {
      "Updates",
      {
          {"MAX_FUTURE", "86400", "0 to 31536000 (seconds)",
           "How far ahead of the service's clock a timestamp may be; 400 beyond.",
           integer(&S::max_future, 0, 31'536'000)},
          {"MAX_CLOCK_SKEW", "300", "0 to 86400 (seconds)",
           "How far ahead of its time of receipt a timestamp still counts in the choice of the latest status.",
           integer(&S::max_clock_skew, 0, 86'400)},
          {"STALE_AFTER", "900", "1 to 31536000 (seconds)",
           "A device is stale once it was not heard for this long, or for twice as long as it is usually quiet.",
           integer(&S::stale_after, 1, 31'536'000)},
          {"LEARNING_PATIENCE", "90000", "1 to 31536000 (seconds)",
           "How long a device must be silent until that is a problem, while its rhythm is not known for two days yet.",
           integer(&S::learning_patience, 1, 31'536'000)},
          {"GROUP_BY", "", "prefix:<separator>[:<n>], key, or nothing",
           "What groups devices: the id up to the n-th separator (the first by default), or the name of the API key.",
           group_rule(&S::group_by)},
          {"PROBLEM_SERIES", "500", "0 to 10000 (series)",
           "How many problems of single devices /metrics shows, the worst first; it counts the rest.",
           integer(&S::problem_series, 0, 10'000)},
      },
  };
}

Group application_settings() {
  return {
      "Application",
      {
          {"APP_NAME", "Ubiety IoT Status Service", "a text", "The name of the service in its log.",
           text(&S::app_name)},
          {"APP_VERSION", "1.0.0", "a text", "The version that /health reports.", text(&S::app_version)},
          {"DEBUG", "false", "true, false", "Whether everything is logged, regardless of LOG_LEVEL.",
           boolean(&S::debug)},
          {"LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING, ERROR", "The lowest level that is logged.",
           one_of<LogLevel>(&S::log_level, {{"debug", LogLevel::debug},
                                            {"info", LogLevel::info},
                                            {"warning", LogLevel::warning},
                                            {"error", LogLevel::error}})},
          {"LOG_FORMAT", "auto", "auto, text, json",
           "One JSON object per line, or text; auto is text on a terminal and JSON otherwise.",
           one_of<LogFormat>(&S::log_format,
                             {{"auto", LogFormat::automatic}, {"text", LogFormat::text}, {"json", LogFormat::json}})},
          {"ACCESS_LOG", "false", "true, false", "Whether every request and its answer are logged, at level INFO.",
           boolean(&S::access_log)},
      },
  };
}

Group trace_settings() {
  using Root = TraceSampling::Root;
  return {
      "Traces",
      {
          {"OTEL_EXPORTER_OTLP_ENDPOINT", "", "an http:// or https:// URL, or empty for no traces",
           "The collector that receives the traces, as OTLP/HTTP in JSON. /v1/traces is appended.",
           http_url(&S::otlp_endpoint)},
          {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", "an http:// or https:// URL with its path, or empty",
           "Replaces OTEL_EXPORTER_OTLP_ENDPOINT; nothing is appended.", http_url(&S::otlp_traces_endpoint)},
          {"OTEL_EXPORTER_OTLP_HEADERS", "", "name=value,name=value, percent-encoded",
           "Header fields that the collector requires, such as a key.", text(&S::otlp_headers)},
          {"OTEL_SERVICE_NAME", "ubiety", "a text", "The name of the service in traces.", text(&S::trace_service_name)},
          {"OTEL_TRACES_SAMPLER", "parentbased_always_on",
           "always_on, always_off, traceidratio, and each after parentbased_",
           "Which requests are traced. With parentbased_, the sender of a trace decides for its requests.",
           one_of<TraceSampling>(&S::trace_sampling, {{"always_on", {Root::all, false}},
                                                      {"always_off", {Root::none, false}},
                                                      {"traceidratio", {Root::by_ratio, false}},
                                                      {"parentbased_always_on", {Root::all, true}},
                                                      {"parentbased_always_off", {Root::none, true}},
                                                      {"parentbased_traceidratio", {Root::by_ratio, true}}})},
          {"OTEL_TRACES_SAMPLER_ARG", "1", "0 to 1", "The fraction of requests that traceidratio traces.",
           fraction(&S::trace_ratio)},
          {"OTEL_BSP_SCHEDULE_DELAY", "5000", "1 to 600000 (milliseconds)",
           "How long traces wait to be sent together; sooner if there are many.",
           integer(&S::trace_export_delay, 1, 600'000)},
          {"OTEL_SDK_DISABLED", "false", "true, false", "Whether tracing is off, whatever the other settings say.",
           boolean(&S::tracing_disabled)},
      },
  };
}

Group unused_settings() {
  return {
      "Not used yet",
      {
          {"REDIS_URL", "", "a URL, or empty",
           "Where several nodes will share their rate limit. The service warns at its start that it is not used yet.",
           text(&S::redis_url)},
      },
  };
}

}  // namespace

const std::vector<Group>& declared_settings() {
  static const std::vector<Group> groups{store_settings(),  server_settings(), limit_settings(),
                                         client_settings(), update_settings(), application_settings(),
                                         trace_settings(),  unused_settings()};
  return groups;
}

std::optional<std::string> contradiction_in(const Settings& settings) {
  if (!settings.spool_path.empty() && settings.database_url.kind == DatabaseUrl::Kind::sqlite)
    return "SPOOL_PATH: a spool is for PostgreSQL; the embedded store is available whenever its disk is";
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return settings.tls_key.empty() ? "TLS_KEY: missing; TLS_CERT needs its key"
                                    : "TLS_CERT: missing; TLS_KEY needs its certificate";
  return std::nullopt;
}

std::string flag_of(std::string_view name) {
  auto flag = "--" + ascii::to_lower(name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string env_example() {
  std::string text =
      "# Copy this file to .env and change what you need. Every line shows a default.\n"
      "# Generated by: ubietyd --print-env-example\n";
  for (const auto& group : declared_settings()) {
    text.append("\n# -- ").append(group.title).append(" --\n");
    for (const auto& declaration : group.declarations) {
      text.append("\n# ").append(declaration.help).append(" (").append(declaration.range).append(")\n# ");
      text.append(declaration.name).append("=").append(declaration.default_text).append("\n");
    }
  }
  return text;
}

std::string settings_table() {
  std::string text;
  for (const auto& group : declared_settings()) {
    text.append("\n## ").append(group.title).append("\n\n| setting | flag | default | range | meaning |\n");
    text.append("| --- | --- | --- | --- | --- |\n");
    for (const auto& declaration : group.declarations) {
      text.append("| `").append(declaration.name).append("` | `").append(flag_of(declaration.name)).append("` | ");
      if (!declaration.default_text.empty()) text.append("`").append(declaration.default_text).append("`");
      text.append(" | ").append(declaration.range).append(" | ").append(declaration.help).append(" |\n");
    }
  }
  return text;
}

}  // namespace ubiety::config
