// Traces on the wire: the ids of traces and spans; the traceparent field, which carries them from one service to the
// next (https://www.w3.org/TR/trace-context/); and the body of an OTLP/HTTP request in JSON, which carries spans to a
// collector (https://opentelemetry.io/docs/specs/otlp/). Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/clock.hpp"

namespace ubiety::tracing {

inline constexpr std::string_view traceparent_field = "traceparent";

struct TraceId {
  std::uint64_t high = 0, low = 0;
  bool operator==(const TraceId&) const = default;
};

struct TraceContext {
  TraceId trace_id;
  std::uint64_t span_id = 0;
  bool sampled = false;
  bool operator==(const TraceContext&) const = default;
};

// Not zero, and very unlikely to occur twice; not secret.
TraceId random_trace_id();
std::uint64_t random_span_id();

// Returns nullopt for an invalid field, which the caller treats as absent.
std::optional<TraceContext> parse_traceparent(std::string_view text);
std::string format_traceparent(const TraceContext& context);

// In hexadecimal digits.
void append_id(std::string& out, const TraceId& id);
void append_id(std::string& out, std::uint64_t span_id);

enum class SpanKind { internal = 1, server = 2 };  // OTLP's numbers

struct Attribute {
  std::string_view name;  // a literal
  std::variant<std::string, std::int64_t> value;
};

// One piece of work in a trace: what was done, and when.
struct Span {
  TraceContext context;         // its own
  std::uint64_t parent_id = 0;  // 0 if it begins the trace
  std::string name;
  SpanKind kind = SpanKind::internal;
  SteadyTime began, ended;
  std::vector<Attribute> attributes{};
  bool failed = false;
};

// The service that the spans come from.
struct Resource {
  std::string service_name;
  std::string service_version;
};

// `epoch` is the time of day at which the steady clock was 0.
std::string otlp_json(const Resource& resource, std::span<const Span> spans, std::chrono::nanoseconds epoch);

}  // namespace ubiety::tracing
