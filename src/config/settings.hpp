// The settings of the service, and the one table that declares them: name, default, range, help, and how the text
// becomes a value. --help, .env.example and docs/CONFIGURATION.md are generated from it. At the start, one thread;
// afterwards read-only on any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/ip_address.hpp"
#include "fleet/group_rule.hpp"

namespace ubiety::config {

// The folder of the default DATABASE_URL, in the working directory. The service creates this folder, and no other.
inline constexpr std::string_view default_store_folder = "data";

struct DatabaseUrl {
  enum class Kind { sqlite, postgresql } kind;
  std::string location;  // the path of the file, or a URL or keyword=value pairs for libpq
};

enum class PartitionBy { day, month };
enum class LogLevel { debug, info, warning, error };
enum class LogFormat { automatic, text, json };

// OTEL_TRACES_SAMPLER: which requests are traced.
struct TraceSampling {
  enum class Root { none, all, by_ratio } root;
  bool parent_based;  // `root` decides only for requests that belong to no trace yet
};

// The declarations hold the defaults, so there are none here.
struct Settings {
  DatabaseUrl database_url;
  std::int64_t database_pool_size;
  std::chrono::seconds database_timeout;
  bool full_page_writes;
  PartitionBy partition_by;
  bool auto_migrate;
  std::int64_t tail_memory;
  std::chrono::days retention;
  std::string spool_path;  // empty: no spool
  std::int64_t spool_max_bytes;

  std::string host;
  std::int64_t port;
  std::string tls_certificate;  // empty, as tls_key, for no TLS
  std::string tls_key;
  std::int64_t max_connections;
  std::int64_t max_body_bytes;
  std::int64_t max_batch_bytes;
  std::int64_t max_batch_updates;
  std::chrono::seconds request_timeout;
  std::chrono::seconds idle_timeout;
  std::chrono::seconds head_timeout;
  std::chrono::seconds body_timeout;
  std::chrono::seconds write_timeout;
  std::chrono::seconds shutdown_timeout;
  std::int64_t max_in_flight;
  std::int64_t max_in_flight_bytes;
  std::int64_t max_shard_in_flight;
  std::int64_t max_shard_in_flight_bytes;
  std::int64_t max_scans;
  std::int64_t max_streams;
  std::int64_t max_unread_bytes;

  std::chrono::microseconds commit_linger;
  std::int64_t max_workers;  // 0 for one per core
  std::int64_t shards;       // 0 for one per two cores
  std::chrono::seconds max_future;
  std::chrono::seconds max_clock_skew;
  std::chrono::seconds stale_after;
  std::chrono::seconds learning_patience;
  GroupRule group_by;
  std::int64_t problem_series;

  bool enable_auth;
  std::string api_key_header;
  std::int64_t auth_failure_limit;  // per minute; 0 for no limit
  std::vector<std::string> cors_origins;
  std::int64_t rate_limit_requests;  // 0 for no limit
  std::chrono::seconds rate_limit_window;
  std::vector<IpRange> trusted_proxies;

  std::string app_name;
  std::string app_version;
  bool debug;
  LogLevel log_level;
  LogFormat log_format;
  bool access_log;

  std::string otlp_endpoint;         // empty, as otlp_traces_endpoint, for no tracing
  std::string otlp_traces_endpoint;  // replaces otlp_endpoint; with the path
  std::string otlp_headers;
  std::string trace_service_name;
  TraceSampling trace_sampling;
  double trace_ratio;
  std::chrono::milliseconds trace_export_delay;
  bool tracing_disabled;

  std::string redis_url;  // not used yet
};

struct Declaration {
  std::string_view name;  // of the environment variable: DATABASE_URL. The flag is --database-url
  std::string_view default_text;
  std::string_view range;  // the values that it accepts, for a person
  std::string_view help;   // for a person
  // Stores the value of `text` in `settings`. Returns what is wrong with the text, without the setting's name; nullopt
  // if nothing is.
  std::function<std::optional<std::string>(Settings& settings, std::string_view text)> assign;
};

struct Group {
  std::string_view title;
  std::vector<Declaration> declarations;
};

// In the order in which they are shown.
const std::vector<Group>& declared_settings();

// Returns which settings contradict each other, although each is valid by itself; nullopt if none do. For a person.
std::optional<std::string> contradiction_in(const Settings& settings);

// "--database-url" for DATABASE_URL.
std::string flag_of(std::string_view name);

// The file .env.example.
std::string env_example();

// The tables at the end of docs/CONFIGURATION.md.
std::string settings_table();

}  // namespace ubiety::config
