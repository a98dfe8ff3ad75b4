#include "http/server.hpp"

#include <restinio/all.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "domain/thread_safety.hpp"
#include "http/http1/exchange.hpp"
#include "http/http1/gated_socket.hpp"
#include "http/http1/refusal.hpp"
#include "http/metrics/request_log.hpp"
#include "http/outbox.hpp"
#include "http/routes.hpp"
#include "telemetry/log.hpp"

namespace ubiety::http {
namespace {

using namespace std::chrono_literals;

constexpr auto expiry_interval = 50ms;  // a 503 for a passed deadline may be this late
constexpr auto quiet_time = 100ms;      // a drain ends after this time without a request
constexpr std::size_t read_buffer_size = 8 * 1024;
constexpr std::string_view hsts_value = "max-age=31536000; includeSubDomains";  // a year (RFC 6797)

gate::TimeLimits time_limits(const ServerOptions& options) {
  return {.request = options.idle_timeout, .head = options.head_timeout, .body = options.body_timeout};
}

// Counts the connections. The loop's thread.
class ConnectionCounter {
 public:
  explicit ConnectionCounter(ConnectionMetrics& metrics) : metrics_(metrics) {}

  void state_changed(const restinio::connection_state::notice_t& notice) noexcept {
    using namespace restinio::connection_state;
    if (restinio::holds_alternative<accepted_t>(notice.cause())) {
      ++metrics_.open;
      ++metrics_.accepted;
    }
    if (restinio::holds_alternative<closed_t>(notice.cause())) --metrics_.open;
  }

 private:
  ConnectionMetrics& metrics_;
};

struct Traits : restinio::traits_t<restinio::asio_timer_manager_t, restinio::null_logger_t,
                                   restinio::details::autodetect_request_handler_type, restinio::noop_strand_t,
                                   gate::GatedSocket> {
  static constexpr bool use_connection_count_limiter = true;
  using connection_state_listener_t = ConnectionCounter;
};

// Allows its handlers to be destroyed before the context itself.
class Context : public asio::io_context {
 public:
  using asio::execution_context::shutdown;
  using asio::io_context::io_context;
};

class AsioLoop final : public EventLoop {
 public:
  AsioLoop(asio::io_context& context, Engine& engine) : context_(context), engine_(engine) {}

  void post(std::function<void()> task) override {
    asio::post(context_, [this, task = std::move(task)] {
      task();
      engine_.end_turn();
    });
  }

  void every(std::chrono::milliseconds interval, std::function<void()> task) override {
    timers_.push_back(std::make_unique<Periodic>(context_, interval, std::move(task)));
    wait(*timers_.back());
  }

 private:
  struct Periodic {
    Periodic(asio::io_context& context, std::chrono::milliseconds the_interval, std::function<void()> the_task)
        : timer(context), interval(the_interval), task(std::move(the_task)) {}
    asio::steady_timer timer;
    std::chrono::milliseconds interval;
    std::function<void()> task;
  };

  void wait(Periodic& periodic) {
    periodic.timer.expires_after(periodic.interval);
    periodic.timer.async_wait([this, &periodic](const asio::error_code& cancelled) {
      if (cancelled) return;
      wait(periodic);  // first, because the task may throw
      periodic.task();
      engine_.end_turn();
    });
  }

  asio::io_context& context_;
  Engine& engine_;
  std::vector<std::unique_ptr<Periodic>> timers_;
};

// RESTinio's own limits must be wider than the gate's, because RESTinio closes the connection without an answer. It
// checks once a second, and has one time for all three phases.
std::chrono::milliseconds time_behind(const gate::TimeLimits& gate) {
  return gate.request + gate.head + gate.body + 5s;
}

restinio::incoming_http_msg_limits_t limits_behind(const gate::GateLimits& gate) {
  return restinio::incoming_http_msg_limits_t{}
      .max_url_size(gate.max_target_bytes + 1)
      .max_field_name_size(gate.max_head_bytes)
      .max_field_value_size(gate.max_head_bytes)
      .max_field_count(gate.max_header_count + 1)
      .max_body_size(std::uint64_t{std::max(gate.max_body_bytes, gate.special_max_body_bytes)} + 1);
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(Engine& engine, const Clock& clock, const ServerOptions& options)
      : deadlines_(time_limits(options), std::chrono::steady_clock::now()),
        loop_(context_, engine),
        connection_metrics_{options.max_connections},
        server_(restinio::external_io_context(context_), settings(options, engine)),
        service_(loop_, engine, clock, connection_metrics_, connections_, options.service, routes()),
        router_(service_),
        access_log_(TrustedProxies(options.service.access.trusted_proxies)),
        heartbeat_(loop_, engine, options.heartbeat) {
    if (options.access_log) exchange_context_.observers.push_back(&access_log_);
    if (auto* const tracer = options.service.tracer)
      exchange_context_.observers.push_back(&request_tracing_.emplace(*tracer));
    loop_.every(gate::ConnectionDeadlines::interval, [this] { deadlines_.advance(std::chrono::steady_clock::now()); });
    loop_.every(expiry_interval, [this] { service_.pending.expire(std::chrono::steady_clock::now()); });
    try {
      server_.open_sync();
    } catch (const std::exception& error) {
      throw std::runtime_error("cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " +
                               error.what());
    }
    thread_ = std::thread([this] { run(); });
  }

  ~Implementation() {
    asio::post(context_, [this] { context_.stop(); });
    thread_.join();
    context_.shutdown();
  }

  bool drain(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    on_loop([this] {
      exchange_context_.is_closing = true;
      server_.close_sync();
      heartbeat_.stop();
      router_.end_streams();
      last_request_ = std::chrono::steady_clock::now();
    });
    loop_.post([this] { look_for_quiet(); });
    const MutexLock lock(mutex_);
    return quiet_came_.wait_until(mutex_, deadline, [this]() REQUIRES(mutex_) { return quiet_; });
  }

 private:
  restinio::server_settings_t<Traits> settings(const ServerOptions& options, Engine& engine) {
    gate::GateLimits gate;
    gate.max_body_bytes = options.max_body_bytes;
    gate.special_path = batch_path;
    gate.special_max_body_bytes = options.max_batch_bytes;
    gate.one_request_at_a_time = true;
    restinio::server_settings_t<Traits> settings;
    settings.address(options.host)
        .port(options.port)
        .gate({gate, &deadlines_, options.service.tls, &connections_, &engine.admission().all()})
        .incoming_http_msg_limits(limits_behind(gate))
        .buffer_size(read_buffer_size)
        .max_pipelined_requests(1)
        .max_parallel_connections(options.max_connections)
        .concurrent_accepts_count(4)
        .separate_accept_and_create_connect(false)
        .read_next_http_message_timelimit(time_behind(time_limits(options)))
        .write_http_response_timelimit(options.write_timeout)
        .handle_request_timeout(options.service.longest_answer_pause())
        .connection_state_listener(std::make_shared<ConnectionCounter>(connection_metrics_))
        .acceptor_options_setter(
            [](auto& acceptor) { acceptor.set_option(asio::ip::tcp::acceptor::reuse_address(true)); })
        .socket_options_setter([](auto& socket) { socket.set_option(asio::ip::tcp::no_delay(true)); })
        .request_handler([this](restinio::request_handle_t request) {
          enqueue(std::move(request));
          return restinio::request_accepted();
        });
    return settings;
  }

  // RESTinio 0.6.16 must not be answered within its handler: it would wait for the next request twice, and read bytes
  // of a body as a request. So requests are routed after the turn of the loop in which they were read, all together.
  void enqueue(restinio::request_handle_t request) {
    arrived_.push_back(std::move(request));
    if (arrived_.size() == 1) loop_.post([this] { route_arrived(); });
  }

  void route_arrived() {
    routing_.clear();
    routing_.swap(arrived_);
    last_request_ = std::chrono::steady_clock::now();  // for all of them: one read of the clock per turn
    for (auto& request : routing_) route(request);
    routing_.clear();
    service_.engine.set_clients_may_send(clients_may_send());
  }

  // Whether clients without a pending request may send one soon. Of clients that send again at once, some are always
  // between two requests. So when half of the connections wait for an answer, all clients count as waiting.
  // The clients of streams send nothing.
  bool clients_may_send() const {
    return connection_metrics_.open > 2 * service_.pending.size() + service_.stream_metrics.open;
  }

  Exchange exchange_of(const restinio::request_handle_t& request) {
    Exchange exchange(request, exchange_context_, last_request_);
    // Not over plain HTTP (RFC 6797, 7.2).
    if (service_.options.tls && exchange.target() != gate::target_of(gate::Reason::no_tls))
      exchange.add_field("Strict-Transport-Security", hsts_value);
    return exchange;
  }

  void route(restinio::request_handle_t& request) {
    handle_guarded(exchange_of(request), [this](Exchange& exchange) {
      if (request_tracing_) request_tracing_->begin(exchange);
      router_.route(std::move(exchange));
    });
  }

  void run() {
    for (;;) {
      try {
        context_.run();
        return;
      } catch (const std::exception& error) {
        // One failed task must not stop the server for all clients.
        log::error("a task of the server failed", {{"reason", error.what()}});
      }
    }
  }

  void on_loop(std::function<void()> task) {
    std::promise<void> done;
    asio::post(context_, [&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  // Every answer closes its connection now, so no more requests arrive. Those sent before are still answered.
  void look_for_quiet() {
    if (arrived_.empty() && service_.pending.size() == 0 && service_.answers_in_pieces == 0 &&
        std::chrono::steady_clock::now() - last_request_ > quiet_time) {
      const MutexLock lock(mutex_);
      quiet_ = true;
      quiet_came_.notify_all();
      return;
    }
    quiet_timer_.expires_after(5ms);
    quiet_timer_.async_wait([this](const asio::error_code&) { look_for_quiet(); });
  }

  // These two outlive the connections, of which handlers of context_ own some.
  gate::ConnectionDeadlines deadlines_;
  gate::OpenConnections connections_;
  Context context_{1};
  AsioLoop loop_;
  ConnectionMetrics connection_metrics_;
  // RESTinio 0.6.16 counts connections in its acceptor, so the server must outlive them all: those that handlers of
  // context_ own, and those whose requests wait below.
  restinio::http_server_t<Traits> server_;
  Service service_;
  Router router_;
  asio::steady_timer quiet_timer_{context_};
  // The loop's thread.
  AccessLog access_log_;
  std::optional<RequestTracing> request_tracing_;
  ExchangeContext exchange_context_{.observers = {&service_.request_metrics}};
  Heartbeat heartbeat_;
  std::vector<restinio::request_handle_t> arrived_, routing_;
  std::chrono::steady_clock::time_point last_request_{};

  Mutex mutex_;
  ConditionVariable quiet_came_;
  bool quiet_ GUARDED_BY(mutex_) = false;

  std::thread thread_;
};

Server::Server(Engine& engine, const Clock& clock, const ServerOptions& options)
    : implementation_(std::make_unique<Implementation>(engine, clock, options)) {}

Server::~Server() = default;

bool Server::drain(std::chrono::milliseconds timeout) { return implementation_->drain(timeout); }

}  // namespace ubiety::http
