#include "program/parts.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "http/resources/fleet/device_members.hpp"
#include "http/resources/summary/summary_body.hpp"
#include "program/process.hpp"
#include "storage/postgres/connection_parameters.hpp"
#include "storage/postgres/store.hpp"
#include "storage/sqlite/spool_file.hpp"
#include "storage/sqlite/store.hpp"
#include "storage/sqlite/store_file.hpp"
#include "telemetry/log.hpp"

namespace ubiety::program {
namespace {

// Raises the limit on open files as far as possible. Returns how many connections fit below it.
std::size_t connections_within_file_limit(std::size_t wanted) {
  constexpr rlim_t other_files = 64;  // databases, logs, the loop's own
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, std::max<rlim_t>(files.rlim_cur, wanted + other_files));
  ::setrlimit(RLIMIT_NOFILE, &files);
  ::getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur <= other_files) return 1;
  return std::min<std::size_t>(wanted, files.rlim_cur - other_files);
}

tracing::Sampler sampler_of(const Settings& settings) {
  using Root = config::TraceSampling::Root;
  const auto [root, parent_based] = settings.trace_sampling;
  const double ratio = root == Root::by_ratio ? settings.trace_ratio : root == Root::all ? 1 : 0;
  return {.parent_based = parent_based, .ratio = ratio};
}

http::AccessOptions access_options(const Settings& settings) {
  return {
      .cors_origins = settings.cors_origins,
      .trusted_proxies = settings.trusted_proxies,
      .rate_limit = {static_cast<std::uint32_t>(settings.rate_limit_requests), settings.rate_limit_window},
      .keys = {settings.enable_auth, settings.api_key_header},
      .failed_keys = {static_cast<std::uint32_t>(settings.auth_failure_limit), std::chrono::minutes(1)},
  };
}

sqlite::MissingFile missing_file(MissingStore missing) {
  return missing == MissingStore::may_be_made ? sqlite::MissingFile::may_be_made : sqlite::MissingFile::is_a_problem;
}

// Creates only the default folder: any other missing folder may be a typo, or a disk that is not mounted. If it cannot
// be created, problem_with_file says why.
void make_default_folder(const std::string& path) {
  const auto folder = std::filesystem::path(path).lexically_normal().parent_path();
  std::error_code ignored;
  if (folder == config::default_store_folder) std::filesystem::create_directory(folder, ignored);
}

std::optional<std::string> problem_with_postgres_url(const std::string& url) {
  const auto parameters = postgres::parse_connection_parameters(url);
  return parameters ? postgres::why_unusable(*parameters) : parameters.error();
}

}  // namespace

void configure_log(const Settings& settings) {
  using config::LogLevel;
  constexpr auto level_of = [](LogLevel level) {
    switch (level) {
      case LogLevel::debug: return log::Level::debug;
      case LogLevel::info: return log::Level::info;
      case LogLevel::warning: return log::Level::warning;
      case LogLevel::error: return log::Level::error;
    }
    return log::Level::info;
  };
  const bool as_text = settings.log_format == config::LogFormat::text ||
                       (settings.log_format == config::LogFormat::automatic && ::isatty(STDERR_FILENO) == 1);
  log::configure(settings.debug ? log::Level::debug : level_of(settings.log_level),
                 as_text ? log::Format::text : log::Format::json);
}

Result<std::unique_ptr<Store>, std::string> make_store(const Settings& settings, MissingStore missing) {
  const auto& [kind, location] = settings.database_url;
  const bool is_sqlite = kind == config::DatabaseUrl::Kind::sqlite;
  if (is_sqlite && missing == MissingStore::may_be_made) make_default_folder(location);
  if (auto problem =
          is_sqlite ? sqlite::problem_with_file(location, missing_file(missing)) : problem_with_postgres_url(location))
    return Failure{"DATABASE_URL: " + *problem};
  const NewerThan newer_than(settings.max_clock_skew);
  if (is_sqlite) return std::unique_ptr<Store>(std::make_unique<sqlite::SqliteStore>(location, newer_than));
  return std::unique_ptr<Store>(std::make_unique<postgres::PostgresStore>(
      location,
      settings.partition_by == config::PartitionBy::day ? postgres::PartitionSpan::day : postgres::PartitionSpan::month,
      settings.database_timeout, newer_than, postgres::Demands{.full_page_writes = settings.full_page_writes}));
}

std::optional<std::string> problem_with_spool_folder(const Settings& settings) {
  if (settings.spool_path.empty()) return std::nullopt;
  make_default_folder(settings.spool_path);
  auto folder = std::filesystem::path(settings.spool_path).parent_path();
  std::error_code failed;
  if (folder.empty() || std::filesystem::is_directory(folder, failed)) return std::nullopt;
  return "SPOOL_PATH: " + settings.spool_path + ": there is no directory " + folder.string();
}

StoreResult<std::unique_ptr<Spool>> open_spool(const Settings& settings) {
  if (settings.spool_path.empty()) return std::unique_ptr<Spool>();
  return sqlite::SpoolFile::open(settings.spool_path, settings.spool_max_bytes);
}

std::unique_ptr<tracing::Tracer> make_tracer(const Settings& settings) {
  auto url = settings.otlp_traces_endpoint;
  if (url.empty() && !settings.otlp_endpoint.empty())
    url = settings.otlp_endpoint + (settings.otlp_endpoint.ends_with('/') ? "v1/traces" : "/v1/traces");
  if (url.empty() || settings.tracing_disabled) return nullptr;
  return std::make_unique<tracing::Tracer>(
      sampler_of(settings), tracing::ExporterOptions{.collector = {.url = url, .headers = settings.otlp_headers},
                                                     .resource = {settings.trace_service_name, settings.app_version},
                                                     .delay = settings.trace_export_delay});
}

Result<std::shared_ptr<http::transport::TlsContext>, std::string> load_tls(const Settings& settings) {
  if (settings.tls_certificate.empty()) return std::shared_ptr<http::transport::TlsContext>();
  return http::transport::TlsContext::load({.certificate = settings.tls_certificate, .key = settings.tls_key});
}

EngineOptions engine_options(const Settings& settings, StoreNews news) {
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  const auto or_else = [](std::int64_t given, unsigned by_cores) {
    return given == 0 ? by_cores : static_cast<unsigned>(given);
  };
  return {
      .shards = or_else(settings.shards, std::max(1U, cores / 2)),
      .scheduler_threads = or_else(settings.max_workers, cores),
      .readers = static_cast<std::size_t>(settings.database_pool_size),
      .max_in_flight = {settings.max_in_flight, settings.max_in_flight_bytes},
      .max_shard_in_flight = {settings.max_shard_in_flight, settings.max_shard_in_flight_bytes},
      .max_unread_bytes = settings.max_unread_bytes,
      .max_clock_skew = settings.max_clock_skew,
      .commit_linger = settings.commit_linger,
      .stale_after = settings.stale_after,
      .learning_patience = settings.learning_patience,
      .group_by = settings.group_by,
      .tail_memory = static_cast<std::uint64_t>(settings.tail_memory),
      .retention = settings.retention,
      .may_migrate = settings.auto_migrate,
      .keeps_keys = settings.enable_auth,
      .encoder = {http::render_summary_device, http::deflate_piece, http::render_members},
      .give_up = std::move(news.give_up),
      .start_over = std::move(news.start_over),
      .give_back_memory = release_free_memory,
  };
}

http::ServerOptions server_options(const Settings& settings, tracing::Tracer* tracer,
                                   std::shared_ptr<const http::transport::TlsContext> tls) {
  return {
      .host = settings.host,
      .port = static_cast<std::uint16_t>(settings.port),
      .max_connections = connections_within_file_limit(static_cast<std::size_t>(settings.max_connections)),
      .max_body_bytes = static_cast<std::uint32_t>(settings.max_body_bytes),
      .max_batch_bytes = static_cast<std::uint32_t>(settings.max_batch_bytes),
      .idle_timeout = settings.idle_timeout,
      .head_timeout = settings.head_timeout,
      .body_timeout = settings.body_timeout,
      .write_timeout = settings.write_timeout,
      .access_log = settings.access_log,
      .service = {.version = settings.app_version,
                  .store = settings.database_url.kind == config::DatabaseUrl::Kind::sqlite ? "sqlite" : "postgresql",
                  .request_timeout = settings.request_timeout,
                  .max_future = settings.max_future,
                  .max_body_bytes = static_cast<std::size_t>(settings.max_body_bytes),
                  .max_batch_bytes = static_cast<std::size_t>(settings.max_batch_bytes),
                  .max_batch_updates = static_cast<std::size_t>(settings.max_batch_updates),
                  .max_scans = static_cast<std::size_t>(settings.max_scans),
                  .max_streams = static_cast<std::size_t>(settings.max_streams),
                  .problem_series = static_cast<std::size_t>(settings.problem_series),
                  .access = access_options(settings),
                  .tracer = tracer,
                  .tls = std::move(tls)},
  };
}

}  // namespace ubiety::program
