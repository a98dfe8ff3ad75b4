#include "config/settings.hpp"

#include "config/setting_values.hpp"

namespace ubiety::config {
namespace {

std::vector<Group> declare() {
  using S = Settings;
  return {
      {"Store",
       {
           {"DATABASE_URL", "sqlite:data/ubiety.db", "postgresql://user:password@host:port/database or sqlite:PATH",
            "Where updates are stored. A driver, as in postgresql+psycopg2://, is ignored; see above for more forms.",
            database_url()},
           {"DATABASE_POOL_SIZE", "8", "1 to 100",
            "Connections that read histories, each with a thread; DATABASE_WRITERS more write and one keeps house.",
            integer(&S::database_pool_size, 1, 100)},
           {"DATABASE_WRITERS", "2", "1 to 16",
            "Connections to PostgreSQL over which large commits are divided; small ones use one. SQLite has one.",
            integer(&S::database_writers, 1, 16)},
           {"DATABASE_MAX_OVERFLOW", "0", "0", "Known from SQLAlchemy's pools; the pool here has a fixed size.",
            only("0", "the pool has a fixed size, DATABASE_POOL_SIZE")},
           {"DATABASE_TIMEOUT", "3", "1 to 300 (seconds)",
            "How long PostgreSQL may take to answer a commit, a history or a ping; then it counts as away.",
            integer(&S::database_timeout, 1, 300)},
           {"FULL_PAGE_WRITES", "true", "true, false",
            "Whether PostgreSQL must have full_page_writes on; false only where the file system tears no page, as ZFS.",
            boolean(&S::full_page_writes)},
           {"PARTITION_BY", "day", "day, month", "How much time one partition of the history holds (PostgreSQL).",
            choice<PartitionBy>(&S::partition_by, {{"day", PartitionBy::day}, {"month", PartitionBy::month}})},
           {"AUTO_MIGRATE", "true", "true, false", "Whether a start brings the schema up to date.",
            boolean(&S::auto_migrate)},
           {"CHECKPOINT_INTERVAL", "30", "1 to 3600 (seconds)",
            "How often the latest statuses are written behind, so that a start has little history to read.",
            integer(&S::checkpoint_interval, 1, 3600)},
           {"RETENTION_DAYS", "0", "0 to 36500 (days)",
            "How many whole days, by UTC, histories are kept after the day of a report's timestamp; 0 is for ever. "
            "Latest "
            "statuses always stay.",
            integer(&S::retention, 0, 36'500)},
           {"SPOOL_PATH", "", "a path, or empty for no spool",
            "A file of this node's own that takes updates while PostgreSQL is away, and forwards them when it is back.",
            text(&S::spool_path)},
           {"SPOOL_MAX_BYTES", "1073741824", "1048576 to 1099511627776 (bytes)",
            "How large that file may become, about 80 bytes an update; 503 beyond.",
            integer(&S::spool_max_bytes, 1 << 20, std::int64_t{1} << 40)},
       }},
      {"Server",
       {
           {"HOST", "0.0.0.0", "an IPv4 or IPv6 address", "Where to listen; :: is every address.", address(&S::host)},
           {"PORT", "8000", "1 to 65535", "Where to listen.", integer(&S::port, 1, 65535)},
           {"TLS_CERT", "", "a path, or empty for no TLS",
            "The certificate with its chain, PEM; with TLS_KEY the port speaks TLS alone. SIGHUP reads both anew.",
            text(&S::tls_certificate)},
           {"TLS_KEY", "", "a path, or empty for no TLS", "The certificate's private key, PEM, without a passphrase.",
            text(&S::tls_key)},
           {"MAX_CONNECTIONS", "10000", "1 to 1000000",
            "Connections served at the same time; fewer if the limit on open files says so.",
            integer(&S::max_connections, 1, 1'000'000)},
           {"MAX_BODY_BYTES", "65536", "1024 to 1073741824 (bytes)", "The longest request body; 413 beyond.",
            integer(&S::max_body_bytes, 1024, 1 << 30)},
           {"MAX_BATCH_BYTES", "2097152", "1024 to 1073741824 (bytes)",
            "The same as MAX_BODY_BYTES, of a batch of updates, before and after its compression is taken off.",
            integer(&S::max_batch_bytes, 1024, 1 << 30)},
           {"MAX_BATCH_UPDATES", "10000", "1 to 1000000 (updates)", "The most updates in a batch; 413 beyond.",
            integer(&S::max_batch_updates, 1, 1'000'000)},
           {"REQUEST_TIMEOUT", "5", "1 to 300 (seconds)", "How long a request may take; then it is answered 503.",
            integer(&S::request_timeout, 1, 300)},
           {"IDLE_TIMEOUT", "75", "1 to 3600 (seconds)",
            "How long a connection may be silent after an answer; then it is closed.",
            integer(&S::idle_timeout, 1, 3600)},
           {"HEAD_TIMEOUT", "10", "1 to 3600 (seconds)",
            "How long a request's head may take in all, from its first byte; the first one's from the connection on. "
            "408 beyond.",
            integer(&S::head_timeout, 1, 3600)},
           // 2 MiB, the largest batch by default, in that time are 280 kbit/s.
           {"BODY_TIMEOUT", "60", "1 to 3600 (seconds)",
            "How long a request's body may take in all, however long it is; 408 beyond.",
            integer(&S::body_timeout, 1, 3600)},
           {"WRITE_TIMEOUT", "30", "1 to 3600 (seconds)",
            "How long a client may take to read an answer, or a megabyte or so of a long one; then it is closed.",
            integer(&S::write_timeout, 1, 3600)},
           {"SHUTDOWN_TIMEOUT", "10", "1 to 300 (seconds)",
            "How long a stop waits for the requests that were taken in.", integer(&S::shutdown_timeout, 1, 300)},
           {"MAX_IN_FLIGHT", "100000", "1 to 1000000 (updates)",
            "Updates that may wait for their commit at the same time; 503 beyond.",
            integer(&S::max_in_flight, 1, 1'000'000)},
           {"MAX_IN_FLIGHT_BYTES", "67108864", "1024 to 68719476736 (bytes)",
            "Bytes of the bodies of the updates that wait, and of requests that have not come whole; 503 beyond.",
            integer(&S::max_in_flight_bytes, 1024, std::int64_t{1} << 36)},
           {"MAX_SHARD_IN_FLIGHT", "75000", "1 to 1000000 (updates)",
            "The same as MAX_IN_FLIGHT, of one shard: some devices' updates do not take the place of all others.",
            integer(&S::max_shard_in_flight, 1, 1'000'000)},
           {"MAX_SHARD_IN_FLIGHT_BYTES", "50331648", "1024 to 68719476736 (bytes)",
            "The same as MAX_IN_FLIGHT_BYTES, of one shard.",
            integer(&S::max_shard_in_flight_bytes, 1024, std::int64_t{1} << 36)},
           {"MAX_SCANS", "16", "1 to 1000",
            "Summaries that are made at the same time; those that ask the same share one. 503 when eight times as many "
            "wait.",
            integer(&S::max_scans, 1, 1000)},
           {"MAX_UNREAD_BYTES", "134217728", "1024 to 68719476736 (bytes)",
            "Bytes of summaries that clients have not read yet; 503 beyond, but one alone may be larger.",
            integer(&S::max_unread_bytes, 1024, std::int64_t{1} << 36)},
           {"COMMIT_LINGER", "2000", "0 to 100000 (microseconds)",
            "How soon after another a commit follows at the earliest, while only some of the clients wait; 0 for at "
            "once.",
            integer(&S::commit_linger, 0, 100'000)},
           {"REMEMBERED_HISTORIES", "10000", "0 to 10000000 (devices)",
            "Of how many devices the newest 64 records of the history stay in memory once they were read, 1.5 KB each; "
            "0: every history is read from the database.",
            integer(&S::remembered_histories, 0, 10'000'000)},
           {"MAX_WORKERS", "0", "0 to 64 (threads)", "Threads that run the shards; 0 for one per core.",
            integer(&S::max_workers, 0, 64)},
           {"SHARDS", "0", "0 to 256", "Actors among which the devices are divided; 0 for one per two cores.",
            integer(&S::shards, 0, 256)},
       }},
      {"Clients",
       {
           {"ENABLE_AUTH", "false", "true, false",
            "Whether requests need an API key. `ubietyd keys create` makes the first; without, /admin is not there.",
            boolean(&S::enable_auth)},
           {"API_KEY_HEADER", "X-API-Key", "a field name",
            "The field that carries the API key; Authorization: Bearer does as well.", field_name(&S::api_key_header)},
           {"AUTH_FAILURE_LIMIT", "60", "0 to 1000000000 (requests)",
            "Requests without a good key that one address may send in a minute; 429 beyond, and 0 is no limit.",
            integer(&S::auth_failure_limit, 0, 1'000'000'000)},
           {"CORS_ORIGINS", "[]", "a list of origins, as JSON or with commas; or *",
            "Origins whose pages may call the service, with credentials; * lets the pages of all, without.",
            origins(&S::cors_origins)},
           {"RATE_LIMIT_REQUESTS", "0", "0 to 1000000000 (requests)",
            "Requests that one client may send in a window; 429 beyond, and 0 is no limit.",
            integer(&S::rate_limit_requests, 0, 1'000'000'000)},
           {"RATE_LIMIT_WINDOW", "60", "1 to 86400 (seconds)", "The window's length.",
            integer(&S::rate_limit_window, 1, 86'400)},
           {"TRUSTED_PROXIES", "", "a list of addresses and ranges",
            "Proxies whose X-Forwarded-For says who the client is.", ip_ranges(&S::trusted_proxies)},
       }},
      {"Updates",
       {
           {"MAX_FUTURE", "86400", "0 to 31536000 (seconds)",
            "How far a timestamp may lie ahead of the service's clock; 400 beyond.",
            integer(&S::max_future, 0, 31'536'000)},
           {"MAX_CLOCK_SKEW", "300", "0 to 86400 (seconds)",
            "How far ahead a timestamp counts when the latest status is chosen.",
            integer(&S::max_clock_skew, 0, 86'400)},
           {"STALE_AFTER", "900", "1 to 31536000 (seconds)",
            "A device from which nothing was received for so long is stale.", integer(&S::stale_after, 1, 31'536'000)},
       }},
      {"Application",
       {
           {"APP_NAME", "Ubiety IoT Status Service", "a text", "The service's name in its log.", text(&S::app_name)},
           {"APP_VERSION", "1.0.0", "a text", "The version that /health shows.", text(&S::app_version)},
           {"DEBUG", "false", "true, false", "Whether everything is logged, whatever LOG_LEVEL says.",
            boolean(&S::debug)},
           {"LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING, ERROR", "The least level that is logged.",
            choice<LogLevel>(&S::log_level, {{"debug", LogLevel::debug},
                                             {"info", LogLevel::info},
                                             {"warning", LogLevel::warning},
                                             {"error", LogLevel::error}})},
           {"LOG_FORMAT", "auto", "auto, text, json", "One JSON object a line, or text; auto is text on a terminal.",
            choice<LogFormat>(&S::log_format,
                              {{"auto", LogFormat::automatic}, {"text", LogFormat::text}, {"json", LogFormat::json}})},
           {"ACCESS_LOG", "false", "true, false", "Whether each request is logged with its answer, at level INFO.",
            boolean(&S::access_log)},
       }},
      {"Traces",
       {
           {"OTEL_EXPORTER_OTLP_ENDPOINT", "", "an http:// or https:// URL, or empty for no traces",
            "The collector that gets the traces, as OTLP/HTTP in JSON; /v1/traces is appended.",
            http_url(&S::otlp_endpoint)},
           {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "", "the same, whole", "Instead of that, with its path.",
            http_url(&S::otlp_traces_endpoint)},
           {"OTEL_EXPORTER_OTLP_HEADERS", "", "name=value,name=value, percent-encoded",
            "Fields that the collector wants to see, such as a key.", text(&S::otlp_headers)},
           {"OTEL_SERVICE_NAME", "ubiety", "a text", "The service's name in traces.", text(&S::trace_service_name)},
           {"OTEL_TRACES_SAMPLER", "parentbased_always_on",
            "always_on, always_off, traceidratio, and each after parentbased_",
            "Which requests are traced; after parentbased_ those that bring a trace are as its sender decided.",
            choice<TraceSampling>(&S::trace_sampling,
                                  {{"always_on", {TraceSampling::Root::all, false}},
                                   {"always_off", {TraceSampling::Root::none, false}},
                                   {"traceidratio", {TraceSampling::Root::by_ratio, false}},
                                   {"parentbased_always_on", {TraceSampling::Root::all, true}},
                                   {"parentbased_always_off", {TraceSampling::Root::none, true}},
                                   {"parentbased_traceidratio", {TraceSampling::Root::by_ratio, true}}})},
           {"OTEL_TRACES_SAMPLER_ARG", "1", "0 to 1", "The part of the requests that traceidratio traces.",
            fraction(&S::trace_ratio)},
           {"OTEL_BSP_SCHEDULE_DELAY", "5000", "1 to 600000 (milliseconds)",
            "How long traces wait until they are sent, when few come.", integer(&S::trace_export_delay, 1, 600'000)},
           {"OTEL_SDK_DISABLED", "false", "true, false", "Whether nothing is traced, whatever else is set.",
            boolean(&S::tracing_disabled)},
       }},
      {"Not used yet",
       {
           {"REDIS_URL", "", "a URL, or empty",
            "Where several nodes will share their rate limit. A start warns that it is not used yet.",
            text(&S::redis_url)},
       }},
  };
}

}  // namespace

std::optional<std::string> contradiction_in(const Settings& settings) {
  if (!settings.spool_path.empty() && settings.database_url.kind == DatabaseUrl::Kind::sqlite)
    return "SPOOL_PATH: a spool is for PostgreSQL; the embedded store is never away while its disk is there";
  if (settings.tls_certificate.empty() != settings.tls_key.empty())
    return settings.tls_key.empty() ? "TLS_KEY: missing; TLS_CERT needs its key"
                                    : "TLS_CERT: missing; TLS_KEY is of no use without its certificate";
  return std::nullopt;
}

const std::vector<Group>& declared_settings() {
  static const auto groups = declare();
  return groups;
}

}  // namespace ubiety::config
