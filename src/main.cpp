// ubietyd: puts the parts together.

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <thread>

#include "actors/engine.hpp"
#include "actors/recovery.hpp"
#include "config/command_line.hpp"
#include "http/gzip.hpp"
#include "http/server.hpp"
#include "http/summary_json.hpp"
#include "keys/commands.hpp"
#include "keys/private_memory.hpp"
#include "storage/key_store.hpp"
#include "storage/migrations.hpp"
#include "storage/postgres/store.hpp"
#include "storage/sqlite/spool_file.hpp"
#include "storage/sqlite/store.hpp"
#include "telemetry/log.hpp"
#include "telemetry/service_manager.hpp"
#include "telemetry/tracing/tracer.hpp"
#include "verify/verify.hpp"

namespace ubiety {
namespace {

using config::Settings;

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

std::unique_ptr<Store> make_store(const Settings& settings) {
  if (settings.database_url.kind == config::DatabaseUrl::Kind::sqlite)
    return std::make_unique<sqlite::SqliteStore>(settings.database_url.location);
  return std::make_unique<postgres::PostgresStore>(
      settings.database_url.location,
      settings.partition_by == config::PartitionBy::day ? postgres::PartitionSpan::day : postgres::PartitionSpan::month,
      settings.database_timeout);
}

// nullptr without SPOOL_PATH.
StoreResult<std::unique_ptr<Spool>> open_spool(const Settings& settings) {
  if (settings.spool_path.empty()) return std::unique_ptr<Spool>();
  return sqlite::SpoolFile::open(settings.spool_path, settings.spool_max_bytes);
}

// Raises the limit on open files as far as it goes; gives how many connections fit below it.
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

// Set when the store can never be used as it is: the process then ends as one that failed.
std::atomic<bool> gave_up{false};

EngineOptions engine_options(const Settings& settings) {
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  const auto or_else = [](std::int64_t given, unsigned by_cores) {
    return given == 0 ? by_cores : static_cast<unsigned>(given);
  };
  return {
      .shards = or_else(settings.shards, std::max(1U, cores / 2)),
      .scheduler_threads = or_else(settings.max_workers, cores),
      // SQLite lets one connection write at a time.
      .writer_connections = settings.database_url.kind == config::DatabaseUrl::Kind::sqlite
                                ? 1
                                : static_cast<std::size_t>(settings.database_writers),
      .readers = static_cast<std::size_t>(settings.database_pool_size),
      .max_in_flight = {settings.max_in_flight, settings.max_in_flight_bytes},
      .max_shard_in_flight = {settings.max_shard_in_flight, settings.max_shard_in_flight_bytes},
      .max_clock_skew = settings.max_clock_skew,
      .commit_linger = settings.commit_linger,
      .checkpoint_interval = settings.checkpoint_interval,
      .retention = settings.retention,
      .may_migrate = settings.auto_migrate,
      .keeps_keys = settings.enable_auth,
      .encoder = {http::render_summary_device, http::deflate_piece},
      .give_up =
          [](const std::string& reason) {
            log::error("the store cannot be used", {{"reason", reason}});
            gave_up = true;
            ::kill(::getpid(), SIGTERM);
          },
  };
}

http::FrontDeskOptions front_desk_options(const Settings& settings) {
  return {
      .cors_origins = settings.cors_origins,
      .trusted_proxies = settings.trusted_proxies,
      .rate_limit = {static_cast<std::uint32_t>(settings.rate_limit_requests), settings.rate_limit_window},
      .keys = {settings.enable_auth, settings.api_key_header},
      .failed_keys = {static_cast<std::uint32_t>(settings.auth_failure_limit), std::chrono::minutes(1)},
  };
}

http::HeartbeatOptions heartbeat_options(ServiceManager& manager, const ServiceState& state) {
  if (!manager.is_there()) return {};
  return {manager.beat_interval(),
          [&manager, &state] { manager.beat(state.serving(), std::chrono::steady_clock::now()); }};
}

tracing::Sampler sampler_of(const Settings& settings) {
  using Root = config::TraceSampling::Root;
  const auto [root, parent_based] = settings.trace_sampling;
  const double ratio = root == Root::by_ratio ? settings.trace_ratio : root == Root::all ? 1 : 0;
  return {.parent_based = parent_based, .ratio = ratio};
}

// nullptr where requests are not traced.
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

http::ServerOptions server_options(const Settings& settings, tracing::Tracer* tracer) {
  return {
      .host = settings.host,
      .port = static_cast<std::uint16_t>(settings.port),
      .max_connections = connections_within_file_limit(static_cast<std::size_t>(settings.max_connections)),
      .max_body_bytes = static_cast<std::uint32_t>(settings.max_body_bytes),
      .max_batch_bytes = static_cast<std::uint32_t>(settings.max_batch_bytes),
      .idle_timeout = settings.idle_timeout,
      .write_timeout = settings.write_timeout,
      .access_log = settings.access_log,
      .service = {.version = settings.app_version,
                  .request_timeout = settings.request_timeout,
                  .max_future = settings.max_future,
                  .stale_after = settings.stale_after,
                  .max_batch_bytes = static_cast<std::size_t>(settings.max_batch_bytes),
                  .max_batch_updates = static_cast<std::size_t>(settings.max_batch_updates),
                  .front_desk = front_desk_options(settings),
                  .tracer = tracer},
  };
}

// A wait that a pause of the process interrupts, as by Ctrl-Z or a debugger, goes on with the time that is left.
bool is_signalled_within(std::chrono::nanoseconds limit, const sigset_t& signals) {
  using namespace std::chrono;
  const auto deadline = steady_clock::now() + limit;
  int signal = 0;
  do {
    const auto left = std::max(deadline - steady_clock::now(), steady_clock::duration::zero());
    const auto whole = duration_cast<seconds>(left);
    const timespec time{.tv_sec = whole.count(), .tv_nsec = nanoseconds(left - whole).count()};
    signal = ::sigtimedwait(&signals, nullptr, &time);
  } while (signal < 0 && errno == EINTR);
  return signal > 0;
}

// From the first signal on: leaves at once at a second one, or when the stop takes longer than it may, because the
// store does not come back from a call. What was acknowledged is durable, so nothing is lost by that.
void limit_stop(const sigset_t& stop_signals, std::chrono::seconds limit) {
  std::thread([stop_signals, limit] {
    const bool signalled = is_signalled_within(limit, stop_signals);
    log::error("leaving at once", {{"reason", signalled ? "a second signal" : "the stop takes too long"}});
    log::flush();
    std::_Exit(1);
  }).detach();
}

// Until one of the awaited signals comes that asks for a stop: gives it. SIGUSR1 turns debugging on, and off again.
int wait_for_stop(const sigset_t& awaited) {
  for (int signal = 0;;) {
    sigwait(&awaited, &signal);
    if (signal != SIGUSR1) return signal;
    const bool debugs = log::toggle_debug();
    log::info("log level changed", {{"debug", debugs}});
  }
}

int report(const StoreFailure& failure) {
  std::cerr << "ubietyd: " << failure.message << '\n';
  return 1;
}

int serve(const Settings& settings) {
  // Blocked before there are threads, so that all threads inherit it and only sigwait below sees them.
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  sigaddset(&stop_signals, SIGINT);
  sigset_t awaited = stop_signals;
  sigaddset(&awaited, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  log::write_in_background();

  if (settings.enable_auth) keys::keep_memory_private();
  const SystemClock clock;
  const auto store = make_store(settings);
  const auto spool = open_spool(settings);
  if (!spool) return report(spool.error());
  const auto tracer = make_tracer(settings);
  Engine engine(*store, spool->get(), clock, engine_options(settings));
  ServiceManager manager;
  auto options = server_options(settings, tracer.get());
  options.heartbeat = heartbeat_options(manager, engine.state());
  http::Server server(engine, clock, options);  // before the store is touched: the port may be taken
  engine.start();
  log::info("started", {{"app", settings.app_name},
                        {"version", settings.app_version},
                        {"store", store->name()},
                        {"host", settings.host},
                        {"port", settings.port}});

  const int signal = wait_for_stop(awaited);
  log::info("stopping", {{"signal", signal}});
  manager.stopping();
  constexpr std::chrono::seconds for_the_engine{2};
  limit_stop(stop_signals, settings.shutdown_timeout + for_the_engine);
  const bool drained = server.drain(settings.shutdown_timeout);
  if (!drained) log::warning("stopped before all requests were answered");
  engine.stop();
  log::info("stopped", {{"drained", drained}});
  return drained && !gave_up ? 0 : 1;
}

int migrate(const Settings& settings, config::Command command) {
  const auto store = make_store(settings);
  auto migrator = store->open_migrator();
  if (!migrator) return report(migrator.error());
  if (command == config::Command::migrate_status) {
    const auto states = (*migrator)->status();
    if (!states) return report(states.error());
    for (const auto& [number, name, applied] : *states)
      std::cout << number << ' ' << name << ": " << (applied ? "applied" : "not applied") << '\n';
    return 0;
  }
  const bool up = command == config::Command::migrate_up;
  const auto count = up ? (*migrator)->up() : (*migrator)->down();
  if (!count) return report(count.error());
  std::cout << *count << (up ? " applied" : " taken back") << '\n';
  return 0;
}

int run_keys_command(const Settings& settings, config::Command command, const config::KeyArguments& key) {
  keys::keep_memory_private();
  const auto store = make_store(settings);
  if (auto prepared = prepare_schema(*store, settings.auto_migrate); !prepared) return report(prepared.error());
  const auto opened = store->open_keys();
  if (!opened) return report(opened.error());
  keys::Commands commands(**opened, SystemClock().now(), std::cout, std::cerr);
  switch (command) {
    case config::Command::keys_create: return commands.create(key.name, key.scopes, key.expires);
    case config::Command::keys_revoke: return commands.revoke(key.id);
    case config::Command::keys_rotate: return commands.rotate(key.id, std::chrono::seconds(key.grace_seconds));
    default: return commands.list();
  }
}

// Reads only, but for a spool that is not there yet. Exit code 1 when something differs.
int verify_latest(const Settings& settings, const std::string& url) {
  const auto store = make_store(settings);
  auto session = store->open();
  if (!session) return report(session.error());
  const auto spool = open_spool(settings);
  if (!spool) return report(spool.error());
  const auto outcome =
      verify::run(**session, spool->get(), SystemClock().now(), NewerThan(settings.max_clock_skew), url);
  if (!outcome) return report(outcome.error());
  for (const auto& difference : outcome->differences)
    std::cout << difference.device_id << ": " << difference.what << '\n';
  std::cout << outcome->devices << " devices verified, " << outcome->differences.size() << " differences";
  if (outcome->only_in_checkpoint != 0)
    std::cout << "; the history of " << outcome->only_in_checkpoint << " more has expired";
  std::cout << '\n';
  return outcome->differences.empty() ? 0 : 1;
}

int run(int argc, char** argv) {
  const auto invocation = config::parse_command_line(argc, argv);
  if (invocation.exit_code) return *invocation.exit_code;
  configure_log(invocation.settings);
  switch (invocation.command) {
    case config::Command::serve: return serve(invocation.settings);
    case config::Command::verify: return verify_latest(invocation.settings, invocation.verify_url);
    case config::Command::keys_create:
    case config::Command::keys_list:
    case config::Command::keys_revoke:
    case config::Command::keys_rotate: return run_keys_command(invocation.settings, invocation.command, invocation.key);
    case config::Command::migrate_up:
    case config::Command::migrate_down:
    case config::Command::migrate_status: return migrate(invocation.settings, invocation.command);
  }
  return 2;
}

}  // namespace
}  // namespace ubiety

int main(int argc, char** argv) {
  try {
    const int code = ubiety::run(argc, argv);
    ubiety::log::flush();
    return code;
  } catch (const std::exception& error) {
    ubiety::log::flush();
    std::cerr << "ubietyd: " << error.what() << '\n';
    return 1;
  }
}
