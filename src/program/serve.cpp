#include "program/serve.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>

#include "keys/private_memory.hpp"
#include "program/commands.hpp"
#include "program/parts.hpp"
#include "telemetry/log.hpp"
#include "telemetry/service_manager.hpp"

namespace ubiety::program {
namespace {

// The store can never be used as it is: the process then ends as one that failed.
std::atomic<bool> gave_up{false};

void give_up(const std::string& reason) {
  log::error("the store cannot be used", {{"reason", reason}});
  gave_up = true;
  ::kill(::getpid(), SIGTERM);
}

// What was loaded is no longer what the store has: the service then begins once more, in the same process.
std::atomic<bool> starts_over{false};
constexpr int start_over_signal = SIGUSR2;  // not SIGTERM, which somebody may send just then

void start_over(const std::string&) {
  starts_over = true;
  ::kill(::getpid(), start_over_signal);
}

http::HeartbeatOptions heartbeat_options(ServiceManager& manager, const ServiceState& state) {
  if (!manager.is_there()) return {};
  return {manager.beat_interval(),
          [&manager, &state] { manager.beat(state.serving(), std::chrono::steady_clock::now()); }};
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

void tell_certificate(const http::transport::TlsContext& tls) {
  const auto expires = tls.expires();
  const log::Fields fields{{"certificate", tls.options().certificate}, {"expires", format_timestamp(expires)}};
  if (expires < SystemClock().now()) return log::warning("the certificate has expired", fields);
  log::info("certificate loaded", fields);
}

void reload(http::transport::TlsContext* tls) {
  if (tls == nullptr) return log::info("nothing to reload: there is no certificate");
  if (const auto problem = tls->reload()) return log::error("the certificate stays as it was", {{"reason", *problem}});
  tell_certificate(*tls);
}

// Waits for the signal that ends this run of the service, and returns it. SIGUSR1 turns debugging on, and off again;
// SIGHUP reloads the certificate.
int wait_for_end(const sigset_t& awaited, http::transport::TlsContext* tls) {
  for (int signal = 0;;) {
    sigwait(&awaited, &signal);
    if (signal == SIGHUP) {
      reload(tls);
    } else if (signal == SIGUSR1) {
      const bool debugs = log::toggle_debug();
      log::info("log level changed", {{"debug", debugs}});
    } else if (signal != start_over_signal || starts_over) {
      return signal;
    }
  }
}

struct Signals {
  sigset_t stop;     // those that end the process
  sigset_t awaited;  // by the main thread: these, and those that ask for something else
};

// Blocks them. To be called before there are threads: all threads inherit it, and only sigwait sees the signals.
Signals block_signals() {
  Signals signals{};
  sigemptyset(&signals.stop);
  sigaddset(&signals.stop, SIGTERM);
  sigaddset(&signals.stop, SIGINT);
  signals.awaited = signals.stop;
  for (const int signal : {SIGUSR1, SIGHUP, start_over_signal}) sigaddset(&signals.awaited, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals.awaited, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

struct Surroundings {
  const Signals& signals;
  ServiceManager& manager;
  std::shared_ptr<http::transport::TlsContext> tls;
};

// Serves until the process has to end, and returns its exit code, or until the service has to start over: nullopt.
std::optional<int> run(const config::Settings& settings, const Surroundings& surroundings, MissingStore missing) {
  const auto& [signals, manager, tls] = surroundings;
  const auto store = make_store(settings, missing);
  if (!store) return refuse(store.error());
  if (const auto problem = problem_with_spool_folder(settings)) return refuse(*problem);
  const SystemClock clock;
  const auto spool = open_spool(settings);
  if (!spool)
    log::error("the spool cannot be used, and the service starts without it", {{"reason", spool.error().message}});
  auto* const usable_spool = spool ? spool->get() : nullptr;
  const auto tracer = make_tracer(settings);
  Engine engine(**store, usable_spool, clock, engine_options(settings, {give_up, start_over}));
  engine.state().problems().set(Problem::spool_unusable, !spool);
  auto options = server_options(settings, tracer.get(), tls);
  options.heartbeat = heartbeat_options(manager, engine.state());
  http::Server server(engine, clock, options);  // before the store is touched: the port may be taken
  engine.start();
  log::info("started", {{"app", settings.app_name},
                        {"version", settings.app_version},
                        {"store", (*store)->name()},
                        {"host", settings.host},
                        {"port", settings.port}});

  const int signal = wait_for_end(signals.awaited, tls.get());
  if (signal == start_over_signal) {
    log::info("starting over");
    server.drain(settings.shutdown_timeout);
    engine.stop();
    starts_over = false;
    return std::nullopt;
  }
  log::info("stopping", {{"signal", signal}});
  manager.stopping();
  constexpr std::chrono::seconds for_the_engine{2};
  limit_stop(signals.stop, settings.shutdown_timeout + for_the_engine);
  const bool drained = server.drain(settings.shutdown_timeout);
  if (!drained) log::warning("stopped before all requests were answered");
  engine.stop();
  log::info("stopped", {{"drained", drained}});
  return drained && !gave_up ? 0 : 1;
}

}  // namespace

int serve(const config::Settings& settings) {
  const auto signals = block_signals();
  const auto tls = load_tls(settings);
  if (!tls) return refuse(tls.error());
  log::write_in_background();
  if (*tls) tell_certificate(**tls);
  if (settings.enable_auth) keys::keep_memory_private();
  ServiceManager manager;
  // A store that went away under the service is not made again: that may have been a mistake.
  for (auto missing = MissingStore::may_be_made;; missing = MissingStore::is_an_error)
    if (const auto code = run(settings, {signals, manager, *tls}, missing)) return *code;
}

}  // namespace ubiety::program
