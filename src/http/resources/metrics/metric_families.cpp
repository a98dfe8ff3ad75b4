#include "http/resources/metrics/metrics_resource.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "http/http1/tls.hpp"
#include "http/resources/metrics/families.hpp"
#include "http/resources/metrics/fleet_families.hpp"
#include "http/service.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace ubiety::http {
namespace {

using prometheus::MetricType;

double seconds_since(Timestamp instant, Timestamp now) {
  constexpr double microseconds_in_a_second = 1e6;
  if (instant >= now) return 0;
  return static_cast<double>(now.microseconds - instant.microseconds) / microseconds_in_a_second;
}

double in_seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::string_view name_of(UpdateOutcome outcome) {
  switch (outcome) {
    case UpdateOutcome::stored: return "stored";
    case UpdateOutcome::late: return "late";
    case UpdateOutcome::duplicate: return "duplicate";
    case UpdateOutcome::expired: return "expired";
    case UpdateOutcome::unavailable: return "unavailable";
    case UpdateOutcome::refused: break;
  }
  return "refused";
}

void add_requests(Families& families, const Service& service) {
  const auto& requests = service.request_metrics;
  auto counts = families.add("ubiety_http_requests_total", "Requests that were answered.", MetricType::Counter);
  requests.for_each_count([&](const Route* route, Method method, std::string status, std::uint64_t count) {
    counts.add({{"route", std::string(template_of(route))},
                {"method", std::string(name_of(method))},
                {"status", std::move(status)}},
               count);
  });
  auto seconds = families.add("ubiety_http_request_duration_seconds",
                              "Time from reading a request to the beginning of its answer.", MetricType::Histogram);
  requests.for_each_route([&](const Route* route, const Histogram& histogram) {
    seconds.add({{"route", std::string(template_of(route))}}, histogram);
  });
  families.gauge("ubiety_http_requests_waiting", "Requests that wait for an actor.", service.pending.size());
  families.gauge("ubiety_http_requests_waiting_seconds", "How long the oldest of them has waited.",
                 in_seconds(service.pending.longest_wait(std::chrono::steady_clock::now())));
}

void add_connections(Families& families, const ConnectionMetrics& connections) {
  families.gauge("ubiety_http_connections", "Connections that are open.", connections.open);
  families.gauge("ubiety_http_connections_limit", "MAX_CONNECTIONS, or what the limit of open files leaves of it.",
                 connections.limit);
  families.counter("ubiety_http_connections_accepted_total", "Connections that were accepted.", connections.accepted);
  auto refused = families.add("ubiety_http_refused_requests_total",
                              "Requests that are malformed or too slow, by reason.", MetricType::Counter);
  for (std::size_t reason = 0; reason < gate::reason_count; ++reason)
    refused.add({{"reason", std::string(name_of(static_cast<gate::Reason>(reason)))}}, connections.refused[reason]);
}

// Without TLS the family has no sample.
void add_certificate(Families& families, const transport::TlsContext* tls) {
  auto expiry =
      families.add("ubiety_tls_certificate_expiry_timestamp_seconds",
                   "When the first certificate of the chain expires, in seconds since 1970.", MetricType::Gauge);
  if (tls != nullptr) expiry.add({}, seconds_since({0}, tls->expires()));
}

void add_keys(Families& families, const Service& service) {
  auto failures = families.add("ubiety_auth_failures_total", "Requests that were refused because of their API key.",
                               MetricType::Counter);
  for (const auto result :
       {KeyCheckResult::missing, KeyCheckResult::invalid, KeyCheckResult::insufficient, KeyCheckResult::not_ready})
    failures.add({{"reason", std::string(name_of(result))}},
                 service.key_metrics.by_result[static_cast<std::size_t>(result)]);
}

void add_updates(Families& families, const Service& service) {
  auto updates = families.add("ubiety_updates_total", "Updates that were answered, by outcome.", MetricType::Counter);
  for (std::size_t outcome = 0; outcome < UpdateMetrics::outcomes; ++outcome)
    updates.add({{"outcome", std::string(name_of(static_cast<UpdateOutcome>(outcome)))}},
                service.update_metrics.by_outcome[outcome]);
  families.histogram("ubiety_update_clock_error_seconds",
                     "The time of receipt minus the device's own; below 0 the device's clock is ahead.",
                     service.update_metrics.clock_error_seconds);
  const auto& credits = service.engine.admission().all();
  families.gauge("ubiety_updates_in_flight", "Updates that wait for their commit.", credits.in_flight().updates);
  families.gauge("ubiety_updates_in_flight_limit", "MAX_IN_FLIGHT.", credits.capacity().updates);
  families.gauge("ubiety_queue_age_seconds", "How long the oldest update has waited for its commit.",
                 seconds_since(service.engine.oldest_waiting(), service.clock.now()));
  families.gauge("ubiety_updates_in_flight_bytes", "Bytes of the bodies of the updates that wait.",
                 credits.in_flight().bytes);
  families.gauge("ubiety_updates_in_flight_limit_bytes", "MAX_IN_FLIGHT_BYTES.", credits.capacity().bytes);
}

void add_problems(Families& families, const Service& service) {
  auto problems = families.add("ubiety_problem", "1 while /health lists this problem.", MetricType::Gauge);
  for (std::size_t i = 0; i < service_problem_names.size(); ++i)
    problems.add({{"problem", std::string(service_problem_names[i])}},
                 service.has_problem(static_cast<ServiceProblem>(i)) ? 1 : 0);
}

void add_clock(Families& families, const Service& service) {
  const auto& receipts = service.engine.state().receipts;
  families.gauge("ubiety_clock_behind_seconds",
                 "How far the clock is behind the newest time of receipt; 0 if it is not.",
                 seconds_since(service.clock.now(), receipts.newest()));
  families.counter("ubiety_clock_steps_back_total",
                   "Times that the time of receipt stepped back to a clock that had been ahead.",
                   receipts.steps_back());
}

void add_commits(Families& families, const ServiceState& state) {
  const auto& commits = state.metrics.commits;
  families.histogram("ubiety_commit_duration_seconds", "Duration of commits that succeeded, in the store or the spool.",
                     commits.seconds);
  families.histogram("ubiety_commit_updates", "Updates in one commit.", commits.updates);
  families.counter("ubiety_commit_failures_total", "Commits that failed or whose outcome was unknown.",
                   commits.failures);
  families.counter("ubiety_committed_updates_total", "Updates committed, in the store or the spool.",
                   commits.committed);
  families.counter("ubiety_looked_up_updates_total",
                   "Updates that looked like repetitions, and for which the history was searched.", commits.looked_up);
  families.counter("ubiety_lost_updates_total",
                   "Acknowledged updates that the database lost, and that were written again from memory.",
                   commits.lost);
}

void add_merges(Families& families, const Service& service) {
  const auto tail = service.engine.tail();
  families.gauge("ubiety_tail_updates", "Updates in memory that are not merged into the history yet.", tail.updates);
  families.gauge("ubiety_tail_bytes", "The memory that they take.", tail.bytes);
  families.gauge("ubiety_tail_limit_bytes", "TAIL_MEMORY.", service.engine.tail_memory());
  families.gauge("ubiety_oldest_unmerged_seconds", "How long ago the oldest of them was received; 0 if there is none.",
                 tail.updates == 0 ? 0 : seconds_since(tail.oldest_received, service.clock.now()));
  const auto& merges = service.engine.state().metrics.merges;
  families.histogram("ubiety_merge_duration_seconds", "Duration of merges that succeeded.", merges.seconds);
  families.counter("ubiety_merged_updates_total", "Updates that merges moved into the history.", merges.updates);
  families.counter("ubiety_merge_failures_total", "Merges that failed, and are repeated.", merges.failures);
  families.counter("ubiety_compacted_segments_total", "Segments of the history that compaction saved.",
                   merges.compacted);
  families.gauge("ubiety_compaction_backlog", "Closed days whose segments are not compacted yet.",
                 merges.days_to_compact);
}

void add_histories(Families& families, const HistoryMetrics& histories) {
  auto pages = families.add("ubiety_history_pages_total", "Pages of histories, by their source.", MetricType::Counter);
  pages.add({{"from", "tail"}}, histories.from_tail);
  pages.add({{"from", "store"}}, histories.from_store);
  families.counter("ubiety_histories_in_buckets_total", "Histories that were folded into buckets.",
                   histories.in_buckets);
}

void add_expiry(Families& families, const ExpiryMetrics& expiry) {
  families.counter("ubiety_expired_records_total", "Records of histories that RETENTION_DAYS removed one by one.",
                   expiry.records);
  families.counter("ubiety_expired_partitions_total", "Partitions of the history that RETENTION_DAYS dropped.",
                   expiry.partitions);
}

void add_streams(Families& families, const StreamMetrics& streams) {
  families.gauge("ubiety_streams", "Clients that read what changes in the fleet.", streams.open);
  families.counter("ubiety_streams_refused_total", "Streams that were refused because too many were open.",
                   streams.refused);
  families.counter("ubiety_stream_sent_bytes_total", "Bytes of events that were sent.", streams.sent_bytes);
}

void add_summaries(Families& families, const Service& service) {
  const auto& scans = service.scan_metrics;
  families.gauge("ubiety_scans", "Scans for summaries that are running.", scans.running);
  families.gauge("ubiety_scans_waiting", "Scans that wait to run.", scans.waiting);
  auto ended = families.add("ubiety_scans_total", "Scans that ended, by outcome.", MetricType::Counter);
  ended.add({{"outcome", "finished"}}, scans.finished);
  ended.add({{"outcome", "refused"}}, scans.refused);
  ended.add({{"outcome", "abandoned"}}, scans.abandoned);
  const auto& unread = service.engine.unread();
  families.gauge("ubiety_unread_bytes", "Bytes of summaries that clients have not read yet.", unread.held());
  families.gauge("ubiety_unread_limit_bytes", "MAX_UNREAD_BYTES.", unread.capacity());
}

void add_state(Families& families, const ServiceState& state) {
  families.gauge("ubiety_ready", "1 while requests are served as usual, as /health/ready says.",
                 state.readiness.is_ready());
  families.gauge("ubiety_store_connected", "1 while the store answers and takes commits.",
                 state.readiness.store_connected());
  families.gauge("ubiety_owner", "1 while this process owns the store.", state.readiness.is_owner());
  families.gauge("ubiety_standby", "1 while this process waits for the one that owns the store.",
                 state.readiness.standing_by_for() != nullptr);
  families.gauge("ubiety_takes_updates", "1 while updates can be made durable.", state.readiness.can(Activity::update));
  families.gauge("ubiety_spooling", "1 while updates are committed to the spool.", state.readiness.spooling());
  families.gauge("ubiety_spool_waiting_updates", "Updates in the spool that the store does not have yet.",
                 state.readiness.waiting_in_spool());
  const auto spool = state.readiness.spool_size();
  families.gauge("ubiety_spool_bytes", "Size of the spool's file.", spool.bytes);
  families.gauge("ubiety_spool_limit_bytes", "SPOOL_MAX_BYTES; 0 without a spool.", spool.limit_bytes);
  const auto& sessions_of = state.metrics.sessions;
  auto sessions = families.add("ubiety_store_sessions_total", "Connections to the store, opened or failed to open.",
                               MetricType::Counter);
  sessions.add({{"outcome", "opened"}}, sessions_of.opened);
  sessions.add({{"outcome", "failed"}}, sessions_of.failed);
  families.counter("ubiety_restarts_total", "Actors and store threads that failed and were restarted.",
                   state.metrics.restarts);
}

void add_log_and_traces(Families& families, const tracing::Tracer* tracer) {
  families.counter("ubiety_log_dropped_lines_total", "Log lines that were dropped because standard error was full.",
                   log::dropped_lines());
  families.counter("ubiety_trace_exported_spans_total", "Spans that the trace collector accepted.",
                   tracer == nullptr ? 0 : tracer->exported_spans());
  families.counter("ubiety_trace_dropped_spans_total",
                   "Spans that the collector refused, or that were too many to send.",
                   tracer == nullptr ? 0 : tracer->dropped_spans());
}

void add_process(Families& families, const Service& service) {
  const auto figures = process_figures();
  families.counter("process_cpu_seconds_total", "Processor time of all threads.", figures.cpu_seconds);
  families.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.",
                 figures.start_time_seconds);
  families.gauge("process_resident_memory_bytes", "Resident memory.", figures.resident_bytes);
  families.gauge("process_virtual_memory_bytes", "Virtual memory.", figures.virtual_bytes);
  families.gauge("process_threads", "Threads.", figures.threads);
  families.gauge("process_open_fds", "Open files and sockets.", figures.open_files);
  families.gauge("process_max_fds", "The limit of open files.", figures.max_open_files);
  families.add("ubiety_build_info", "1; the labels describe the build, and which store it uses.", MetricType::Gauge)
      .add({{"version", service.options.version},
            {"compiler", __VERSION__},
            {"store", std::string(service.options.store)}},
           1);
}

}  // namespace

std::string metrics_text(const Service& service, const Fleet* fleet) {
  Families families;
  add_requests(families, service);
  add_connections(families, service.connection_metrics);
  add_certificate(families, service.options.tls.get());
  add_keys(families, service);
  add_updates(families, service);
  add_problems(families, service);
  add_clock(families, service);
  add_commits(families, service.engine.state());
  add_expiry(families, service.engine.state().metrics.expiry);
  add_merges(families, service);
  add_histories(families, service.engine.state().metrics.histories);
  add_summaries(families, service);
  add_streams(families, service.stream_metrics);
  add_state(families, service.engine.state());
  add_fleet(families, service, fleet);
  add_log_and_traces(families, service.options.tracer);
  add_process(families, service);
  return families.text();
}

}  // namespace ubiety::http
