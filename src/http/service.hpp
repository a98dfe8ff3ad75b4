// What all resources share: the engine, the requests that wait, the counters. The loop's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/admission.hpp"
#include "actors/engine.hpp"
#include "actors/readiness.hpp"
#include "domain/clock.hpp"
#include "domain/result.hpp"
#include "domain/status.hpp"
#include "http/access/access_policy.hpp"
#include "http/http1/connections.hpp"
#include "http/http1/exchange.hpp"
#include "http/message/request_body.hpp"
#include "http/metrics/counters.hpp"
#include "http/outbox.hpp"
#include "telemetry/tracing/tracer.hpp"

namespace ubiety::http::transport {
class TlsContext;
}

namespace ubiety::http {

// -- the requests that wait --

// What a resource keeps with a request until it is answered.
class PendingState {
 public:
  virtual ~PendingState() = default;
};

struct PendingExchange {
  Exchange exchange;
  DeviceId device_id;                     // empty unless the request is about one device
  std::unique_ptr<PendingState> state{};  // nullptr unless its resource has set it
};

// The requests that wait for an actor. Each is answered once: by the actor's outcome or, when its deadline comes first,
// with a 503.
class PendingExchanges {
 public:
  // All requests have the same timeout, so their deadlines are in the order of the requests.
  explicit PendingExchanges(std::chrono::milliseconds timeout) : timeout_(timeout) {}

  struct Opened {
    std::uint64_t ticket;
    SteadyTime deadline;
  };
  Opened open(Exchange&& exchange, DeviceId device_id = {});

  // Returns nullptr once the request is answered.
  PendingExchange* find(std::uint64_t ticket);
  // Removes the request, for its answer. Returns nullopt once it is answered.
  std::optional<PendingExchange> take(std::uint64_t ticket);

  // Answers 503 to the requests whose deadline has passed.
  void expire(SteadyTime now);

  std::size_t size() const { return size_; }
  // How long the oldest request has waited.
  std::chrono::nanoseconds longest_wait(SteadyTime now) const;

 private:
  // A ticket is a slot's number and how often the slot was used before: so a late outcome finds no request.
  struct Slot {
    std::uint32_t generation = 0;
    std::optional<PendingExchange> pending;
  };

  bool waits(std::uint64_t ticket) const;

  const std::chrono::milliseconds timeout_;
  std::deque<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::deque<Opened> deadlines_;
  std::size_t size_ = 0;
};

// -- the service --

struct ServiceOptions {
  std::string version;                              // shown by /health
  std::string_view store;                           // "postgresql" or "sqlite", shown by /metrics
  std::chrono::milliseconds request_timeout{5000};  // for each request, from its reading to its answer
  std::chrono::microseconds max_future{};           // how far a timestamp may lie ahead of the clock
  std::size_t max_body_bytes = 0;                   // of any other body, once decoded
  std::size_t max_batch_bytes = 0;                  // of the body of a batch, once decoded
  std::size_t max_batch_updates = 0;
  std::size_t max_scans = 16;        // for summaries, at the same time
  std::size_t max_streams = 2000;    // at the same time
  std::size_t problem_series = 500;  // problems of single devices in the metrics
  AccessOptions access{};
  tracing::Tracer* tracer = nullptr;                   // outlives the server; nullptr: requests are not traced
  std::shared_ptr<const transport::TlsContext> tls{};  // nullptr: plain HTTP

  // How long RESTinio waits for an answer, or for its next piece, before it closes the connection: longer than a
  // request's own timeout, which comes first and answers.
  std::chrono::milliseconds longest_answer_pause() const { return request_timeout + std::chrono::seconds(5); }
};

struct Service {
  Service(EventLoop& event_loop, Engine& the_engine, const Clock& the_clock, ConnectionMetrics& metrics_of_connections,
          const gate::OpenConnections& open_connections, ServiceOptions the_options, std::span<const Route> routes)
      : loop(event_loop),
        engine(the_engine),
        clock(the_clock),
        options(std::move(the_options)),
        pending(options.request_timeout),
        connections(open_connections),
        connection_metrics(metrics_of_connections),
        request_metrics(routes) {}

  // The time of receipt of the next update: later than all before, but no further ahead of the clock than
  // ReceiveClock::max_ahead.
  Timestamp next_received(Timestamp now) {
    receive_clock.start_after(engine.state().receipts.newest_stored());
    if (receive_clock.is_ahead_of(now)) step_back_to(now);
    return receive_clock.next(now);
  }

  EventLoop& loop;
  Engine& engine;
  const Clock& clock;
  ReceiveClock receive_clock{};
  const ServiceOptions options;
  PendingExchanges pending;
  const gate::OpenConnections& connections;
  ConnectionMetrics& connection_metrics;
  RequestMetrics request_metrics;
  UpdateMetrics update_metrics{};
  KeyMetrics key_metrics{};
  ScanMetrics scan_metrics{};
  StreamMetrics stream_metrics{};
  std::size_t answers_in_pieces = 0;  // that are being sent

  // The 503 to a request that cannot be served now; nullopt if it can.
  std::optional<Answer> refusal_of(Activity activity) const;

  // The body of a request that must be JSON, decoded. The error is the answer: 400, 413 or 415.
  Result<RequestBody, Answer> json_body_of(const Exchange& exchange) const;

  bool has_problem(ServiceProblem problem) const;

  // The group of the devices that report with this key, where groups are by key; else `whole_fleet`.
  GroupNumber group_of(KeyId key_id);

 private:
  // Times of receipt step back to a clock that was ahead before.
  void step_back_to(Timestamp now);

  std::unordered_map<KeyId, GroupNumber> group_of_key_;
};

inline constexpr std::string_view too_much_unread =
    "clients have left too many bytes of answers unread (MAX_UNREAD_BYTES)";

// The 503 to updates that exceed a limit of admission. Names the setting of the limit.
Answer overload_answer(AdmissionLimit limit);

}  // namespace ubiety::http
