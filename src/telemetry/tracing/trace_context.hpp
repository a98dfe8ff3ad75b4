// The ids of traces and spans, and the traceparent field that carries them from one service to the next:
// https://www.w3.org/TR/trace-context/. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

}  // namespace ubiety::tracing
