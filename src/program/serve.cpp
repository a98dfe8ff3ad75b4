#include "program/commands.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "program/parts.hpp"
#include "program/process.hpp"
#include "telemetry/log.hpp"

namespace ubiety::program {
namespace {

constexpr std::chrono::seconds time_for_engine{2};  // to stop after the server has drained

// Where a browser on this machine finds the dashboard.
std::string dashboard_address(const Settings& settings) {
  const bool is_any = settings.host == "0.0.0.0" || settings.host == "::";
  const bool is_ip6 = settings.host.find(':') != std::string::npos;
  const auto host = is_any ? "localhost" : is_ip6 ? "[" + settings.host + "]" : settings.host;
  const auto* const scheme = settings.tls_certificate.empty() ? "http://" : "https://";
  return scheme + host + ":" + std::to_string(settings.port) + "/";
}

// Passes what the engine reports about its store to the main thread, and wakes that thread by a signal. Any thread.
class StoreReports {
 public:
  StoreNews callbacks() {
    return {.give_up = [this](const std::string& reason) { give_up(reason); },
            .start_over = [this](const std::string&) { start_over(); }};
  }

  bool has_given_up() const { return has_given_up_; }
  bool wants_to_start_over() const { return wants_to_start_over_; }
  void note_start_over() { wants_to_start_over_ = false; }

 private:
  // The store can never be used as it is: the process has to fail.
  void give_up(const std::string& reason) {
    log::error("the store cannot be used", {{"reason", reason}});
    has_given_up_ = true;
    ::kill(::getpid(), SIGTERM);
  }

  // The store no longer holds what was loaded: the service has to start over in the same process.
  void start_over() {
    wants_to_start_over_ = true;
    ::kill(::getpid(), start_over_signal);
  }

  std::atomic<bool> has_given_up_{false};
  std::atomic<bool> wants_to_start_over_{false};
};

http::HeartbeatOptions heartbeat_options(ServiceManager& manager, const ServiceState& state) {
  if (!manager.is_there()) return {};
  return {manager.beat_interval(),
          [&manager, &state] { manager.beat(state.readiness.is_ready(), std::chrono::steady_clock::now()); }};
}

void log_certificate(const http::transport::TlsContext& tls) {
  const auto expires = tls.expires();
  const log::Fields fields{{"certificate", tls.options().certificate}, {"expires", format_timestamp(expires)}};
  if (expires < SystemClock().now()) return log::warning("the certificate has expired", fields);
  log::info("certificate loaded", fields);
}

void reload(http::transport::TlsContext* tls) {
  if (tls == nullptr) return log::info("nothing to reload: there is no certificate");
  if (const auto problem = tls->reload()) return log::error("the certificate stays as it was", {{"reason", *problem}});
  log_certificate(*tls);
}

// Ends the process at a second signal, or once the stop has taken `limit`, because the store does not return from a
// call. Nothing is lost: what was acknowledged is durable.
void limit_stop(const sigset_t& stop_signals, std::chrono::seconds limit) {
  std::thread([stop_signals, limit] {
    const bool is_signalled = wait_within(limit, stop_signals);
    log::error("exiting at once", {{"reason", is_signalled ? "a second signal" : "the stop takes too long"}});
    log::flush();
    std::_Exit(1);
  }).detach();
}

// The service over one store that it has opened: from a start to a stop, or until it has to start over. The main
// thread.
class Service {
 public:
  // The parts of the process that outlive a service that starts over.
  struct Process {
    const config::Settings& settings;
    const Signals& signals;
    ServiceManager& manager;
    StoreReports& reports;
    std::shared_ptr<http::transport::TlsContext> tls;
  };

  // Opens the port before it touches the store, because the port may be taken. Throws std::exception in that case.
  Service(const Process& process, std::unique_ptr<Store> store)
      : process_(process),
        store_(std::move(store)),
        spool_(open_spool(process.settings)),
        tracer_(make_tracer(process.settings)),
        engine_(*store_, spool_ ? spool_->get() : nullptr, clock_,
                engine_options(process.settings, process.reports.callbacks())),
        server_(engine_, clock_, options_of_server()) {
    if (!spool_) log::error("the spool cannot be used; starting without it", {{"reason", spool_.error().message}});
    engine_.state().problems.set(ServiceProblem::spool_unusable, !spool_);
  }

  void start() {
    const auto& settings = process_.settings;
    engine_.start();
    log::info("started", {{"app", settings.app_name},
                          {"version", settings.app_version},
                          {"store", store_->name()},
                          {"host", settings.host},
                          {"port", settings.port},
                          {"dashboard", dashboard_address(settings)}});
  }

  // Handles signals until one ends the service, and returns that one.
  int run() {
    for (;;) {
      const int signal = wait_for(process_.signals.handled);
      switch (signal) {
        case SIGHUP: reload(process_.tls.get()); break;
        case SIGUSR1: log::info("log level changed", {{"debug", log::toggle_debug()}}); break;
        case start_over_signal:
          if (process_.reports.wants_to_start_over()) return signal;
          break;  // sent by another process
        default: return signal;
      }
    }
  }

  // Returns the exit code of the process.
  int stop(int signal) {
    log::info("stopping", {{"signal", signal}});
    process_.manager.stopping();
    limit_stop(process_.signals.stop, process_.settings.shutdown_timeout + time_for_engine);
    const bool is_drained = server_.drain(process_.settings.shutdown_timeout);
    if (!is_drained) log::warning("stopped before all requests were answered");
    engine_.stop();
    log::info("stopped", {{"drained", is_drained}});
    return is_drained && !process_.reports.has_given_up() ? 0 : 1;
  }

  void stop_to_start_over() {
    log::info("starting over");
    server_.drain(process_.settings.shutdown_timeout);
    engine_.stop();
    process_.reports.note_start_over();
  }

 private:
  http::ServerOptions options_of_server() {
    auto options = server_options(process_.settings, tracer_.get(), process_.tls);
    options.heartbeat = heartbeat_options(process_.manager, engine_.state());
    return options;
  }

  const Process& process_;
  const SystemClock clock_;
  const std::unique_ptr<Store> store_;
  const StoreResult<std::unique_ptr<Spool>> spool_;
  const std::unique_ptr<tracing::Tracer> tracer_;
  Engine engine_;
  http::Server server_;
};

// Returns the exit code of the process, or nullopt if the service has to start over.
std::optional<int> serve_once(const Service::Process& process, MissingStore missing) {
  auto store = make_store(process.settings, missing);
  if (!store) return refuse(store.error());
  if (const auto problem = problem_with_spool_folder(process.settings)) return refuse(*problem);
  Service service(process, std::move(*store));
  service.start();
  const int signal = service.run();
  if (signal != start_over_signal) return service.stop(signal);
  service.stop_to_start_over();
  return std::nullopt;
}

}  // namespace

int serve(const config::Settings& settings) {
  const auto signals = block_signals();
  const auto tls = load_tls(settings);
  if (!tls) return refuse(tls.error());
  log::write_in_background();
  log::flush_before_crash();
  if (*tls) log_certificate(**tls);
  if (settings.enable_auth) keep_memory_private();
  ServiceManager manager;
  StoreReports reports;
  // If the store disappeared while the service ran, a new one is not created: the disappearance may be a mistake.
  for (auto missing = MissingStore::may_be_made;; missing = MissingStore::is_an_error)
    if (const auto code = serve_once({settings, signals, manager, reports, *tls}, missing)) return *code;
}

}  // namespace ubiety::program
